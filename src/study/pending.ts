import { noteResult } from "../results/origin.js";
import type { StoredResult } from "../results/store.js";
import { type Row, type Unit, unitKey } from "../results/unit.js";
import type { Study } from "./study.js";

/** Something that a study computes: it asks for rows of units, and for those of others that follow from them. */
export type Experiment = (study: Study) => Promise<unknown>;

/** What is thrown where an experiment looks into a row that is not there yet. */
class NotComputedYet extends Error {}

/** The row of a unit that is not computed: it may be handed on, and whoever looks into it has to wait. */
function absentRow(): Row {
  return new Proxy({} as Row, {
    get(_, name) {
      if (name === "then") return undefined; // it is no promise
      throw new NotComputedYet();
    },
  });
}

/** How the units of experiments are found. */
export interface PendingOptions {
  /** A row to go on with in place of a stored one, by the unit's key; undefined where there is none. */
  assume?: (key: string) => Row | undefined;
}

/**
 * The units that experiments need, that are not stored, and whose inputs are: what can be computed now, at once and in any
 * order. Each experiment is run as far as stored rows carry it, and nothing is computed or changed. What follows from these
 * units comes out once they are stored: adapters first, then mixtures of them.
 *
 * @returns units in the order in which they were asked for, each once
 * @throws whatever an experiment throws for another reason than that a row is not there yet
 */
export async function pendingUnits(
  study: Study,
  experiments: readonly Experiment[],
  { assume }: PendingOptions = {},
): Promise<Unit[]> {
  const pending = new Map<string, Unit>();
  const ask = (units: Unit[], isLost?: (unit: Unit) => boolean): StoredResult[] =>
    units.map((unit) => {
      const key = unitKey(unit);
      const assumed = assume?.(key);
      if (assumed) return { key, unit, row: assumed };
      const stored = isLost?.(unit) ? undefined : study.store.get(unit);
      if (stored) return noteResult(stored);
      pending.set(key, unit);
      return { key, unit, row: absentRow() };
    });
  const planning: Study = { ...study, fresh: false, ask };
  for (const experiment of experiments) {
    try {
      await experiment(planning);
    } catch (error) {
      if (!(error instanceof NotComputedYet)) throw error;
    }
  }
  return [...pending.values()];
}
