import { writeFileAtomic } from "../files/atomic.js";
import type { UnitRunner } from "../results/plan.js";
import { differencesOf, textsIn } from "../results/recompute.js";
import type { StoredResult } from "../results/store.js";
import type { Unit } from "../results/unit.js";
import { unitName } from "../results/unit-name.js";
import type { Study } from "./study.js";
import { hasTodaysInputs } from "./todays-inputs.js";
import { hasAdapter } from "./trained-adapter.js";

/** Says of a unit whether its row is stored and names an adapter whose file is gone: it is to be trained again. */
export function lostAdapter(study: Study): (unit: Unit) => boolean {
  return (unit) => {
    const adapter = study.store.get(unit)?.row.adapter;
    return typeof adapter === "string" && !hasAdapter(study, adapter);
  };
}

/** Kinds of units that keep an adapter which others name. */
const trainingKinds = ["train", "task"];

/** Trains again what units need that are to be computed: see {@link restoreNamed}. */
export async function restoreAdapters(
  study: Study,
  units: readonly Unit[],
  run: UnitRunner,
  signal?: AbortSignal,
): Promise<void> {
  const missing = study.fresh ? units : units.filter((unit) => !study.store.get(unit));
  await restoreNamed(study, missing, run, signal);
}

/**
 * Trains again the adapters that units name, where the rows of the adapters are stored and their files are gone: of results
 * that were committed as rows alone.
 *
 * @throws where training gives another row than the one that is stored, as it may on another kind of processor
 */
export async function restoreNamed(
  study: Study,
  units: readonly Unit[],
  run: UnitRunner,
  signal?: AbortSignal,
): Promise<void> {
  if (units.length === 0) return;
  const needed = new Set(units.flatMap(({ settings }) => textsIn(settings)));
  const lost = new Map<string, StoredResult>();
  for (const result of trainingKinds.flatMap((kind) => study.store.all(kind))) {
    const { adapter } = result.row;
    if (typeof adapter !== "string" || !needed.has(adapter) || hasAdapter(study, adapter)) continue;
    // the same training may stand twice, once with more dev rows
    if (await hasTodaysInputs(study, result.unit)) lost.set(adapter, result);
  }
  const stored = [...lost.values()];
  if (stored.length === 0) return;
  const take: Parameters<UnitRunner>[1] = (outcome, index) => {
    const how = differencesOf(stored[index], outcome);
    if (how.length > 0) {
      const name = unitName(stored[index].unit);
      throw new Error(
        `${name} cannot be restored: trained again it is another (${how[0]}). Rows of another kind of processor, or of another state of the code, are computed anew with --fresh.`,
      );
    }
    for (const file of outcome.files ?? []) writeFileAtomic(file.path, file.bytes);
  };
  await run(
    stored.map(({ unit }) => unit),
    take,
    signal,
  );
}
