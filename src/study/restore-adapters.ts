import { instructionSet } from "../engine/instruction-set.js";
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

/**
 * Says of a unit whether it is to be trained again though its row is stored: its adapter's file is gone, it was trained on another
 * kind of processor, which gives other bytes, and no other row names the adapter.
 */
export function lostElsewhere(study: Study): (unit: Unit) => boolean {
  const isLost = lostAdapter(study);
  let named: Set<string> | undefined;
  return (unit) => {
    if (!isLost(unit)) return false;
    const row = study.store.get(unit)?.row;
    if (row === undefined || row.ran === ranHere(study)) return false;
    named ??= new Set(
      study.store.storedKinds().flatMap((kind) => study.store.all(kind).flatMap(({ unit }) => textsIn(unit.settings))),
    );
    return !named.has(row.adapter as string);
  };
}

/** What rows computed here say that they ran on. */
function ranHere({ backend }: Study): string {
  return `${backend.name} ${instructionSet()}`;
}

/** Kinds of units that keep an adapter which others name. */
const trainingKinds = ["train", "task"];

/**
 * Trains again what units need that are to be computed: see {@link restoreNamed}.
 *
 * @throws before anything is trained, where an adapter was trained on another kind of processor
 */
export async function restoreAdapters(
  study: Study,
  units: readonly Unit[],
  run: UnitRunner,
  signal?: AbortSignal,
): Promise<void> {
  const missing = study.fresh ? units : units.filter((unit) => !study.store.get(unit));
  const lost = await lostAmong(study, missing);
  const elsewhere = lost.find(({ row }) => row.ran !== ranHere(study));
  if (elsewhere) {
    throw new Error(
      `${unitName(elsewhere.unit)} was trained on ${elsewhere.row.ran}, its adapter's file is not here, and other rows name it; ${ranHere(study)} trains to other bytes. Go on with its seed on a machine as that one, and here with another seed.`,
    );
  }
  await restore(lost, run, signal);
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
  await restore(await lostAmong(study, units), run, signal);
}

/** The stored trainings of the adapters that units name and whose files are gone. */
async function lostAmong(study: Study, units: readonly Unit[]): Promise<StoredResult[]> {
  const lost = new Map<string, StoredResult>();
  if (units.length === 0) return [];
  const needed = new Set(units.flatMap(({ settings }) => textsIn(settings)));
  for (const result of trainingKinds.flatMap((kind) => study.store.all(kind))) {
    const { adapter } = result.row;
    if (typeof adapter !== "string" || !needed.has(adapter) || hasAdapter(study, adapter)) continue;
    // the same training may stand twice, once with more dev rows
    if (await hasTodaysInputs(study, result.unit)) lost.set(adapter, result);
  }
  return [...lost.values()];
}

async function restore(
  stored: readonly StoredResult[],
  run: UnitRunner,
  signal: AbortSignal | undefined,
): Promise<void> {
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
