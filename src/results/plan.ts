import { writeFileAtomic } from "../files/atomic.js";
import { sha256 } from "../files/hash.js";
import type { StoredResult } from "./canonical-rows.js";
import { currentFreshRun } from "./fresh-run.js";
import { noteResult } from "./origin.js";
import type { ResultStore } from "./store.js";
import { type Row, type Unit, unitKey } from "./unit.js";

/** What running a unit gives: its row, and files that belong to it. */
export interface Outcome {
  row: Row;
  /** Files to keep, by path; written before the row, so that a row never names a file that is not there. */
  files?: { path: string; bytes: Uint8Array }[];
  /** What it took, on one core. */
  seconds?: number;
}

/**
 * Runs units, here or on workers, in any order, and hands over each outcome as its unit ends.
 * Rejects with the first error of a unit.
 */
export type UnitRunner = (
  units: Unit[],
  take: (outcome: Outcome, index: number) => void,
  signal?: AbortSignal,
) => Promise<void>;

/** How far a plan is. */
export interface PlanProgress {
  done: number;
  total: number;
  /** Units that the store already had. */
  reused: number;
  /** The unit that was finished last. */
  last?: Unit;
}

export interface PlanOptions {
  /**
   * Compute again what the store already has. A run that was stopped goes on where it was: the same plan, or the same command
   * (`beginFreshRun`), fresh again, computes what it had not computed yet. What it replaces is kept until it is replaced.
   */
  fresh?: boolean;
  /** Whether a unit is computed again though the store has it; what is replaced is kept until it is replaced. */
  isLost?: (unit: Unit) => boolean;
  onProgress?: (progress: PlanProgress) => void;
  signal?: AbortSignal;
}

/**
 * Runs the units that the store does not have yet, and returns the results of all, in the order of `units`.
 * Each row is stored when its unit ends: a killed run loses at most the units under way.
 *
 * @throws the first error of a unit; what was finished before it is stored
 */
export async function runPlan(
  units: Unit[],
  store: ResultStore,
  run: UnitRunner,
  options: PlanOptions = {},
): Promise<StoredResult[]> {
  const keys = units.map(unitKey);
  const command = currentFreshRun();
  const name = command ?? `plan ${sha256([...new Set(keys)].sort().join())}`;
  const since = options.fresh ? store.beginFresh(name) : undefined;
  const results = new Map<string, StoredResult>();
  const waiting = new Map<string, Unit>();
  for (const [i, unit] of units.entries()) {
    const known = options.isLost?.(unit) ? undefined : store.get(unit, since);
    if (known) results.set(keys[i], known);
    else waiting.set(keys[i], unit);
  }
  const reused = results.size;
  const total = results.size + waiting.size;
  options.onProgress?.({ done: results.size, total, reused });

  const missing = [...waiting];
  try {
    if (missing.length > 0) {
      store.demandWritable();
      await run(
        missing.map(([, unit]) => unit),
        (outcome, index) => {
          const [key, unit] = missing[index];
          for (const file of outcome.files ?? []) writeFileAtomic(file.path, file.bytes);
          const stored = store.write(() => {
            if (outcome.seconds !== undefined) store.addTime(unit, outcome.seconds);
            return store.add(unit, outcome.row);
          });
          results.set(key, stored);
          options.onProgress?.({ done: results.size, total, reused, last: unit });
        },
        options.signal,
      );
    }
  } catch (error) {
    settleAfter(error, units, store);
    throw error;
  }
  for (const kind of kindsOf(units)) store.settle(kind);
  if (since !== undefined && !command) store.endFresh(name);
  return keys.map((key) => noteResult(results.get(key) as StoredResult));
}

const kindsOf = (units: readonly Unit[]) => new Set(units.map((unit) => unit.kind));

/** Exports what was finished before a run failed; the run's own error is the one that is told, with this one's after it. */
function settleAfter(error: unknown, units: readonly Unit[], store: ResultStore): void {
  for (const kind of kindsOf(units)) {
    try {
      store.settle(kind);
    } catch (second) {
      if (error instanceof Error && second instanceof Error && !error.message.includes(second.message))
        error.message += `\n${second.message}`;
    }
  }
}

/** Runs units one after the other in this process. */
export function inProcess(runUnit: (unit: Unit) => Promise<Outcome> | Outcome): UnitRunner {
  return async (units, take, signal) => {
    for (const [index, unit] of units.entries()) {
      signal?.throwIfAborted();
      take(await runUnit(unit), index);
    }
  };
}
