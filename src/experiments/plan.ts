import { writeFileAtomic } from "../files/atomic.js";
import type { ResultStore, StoredResult } from "./store.js";
import { type Row, type Unit, unitKey } from "./unit.js";

/** What running a unit gives: its row, and files that belong to it. */
export interface Outcome {
  row: Row;
  /** Files to keep, by path; written before the row, so that a row never names a file that is not there. */
  files?: { path: string; bytes: Uint8Array }[];
}

/** Runs one unit, here or on a worker. */
export type UnitRunner = (unit: Unit) => Promise<Outcome> | Outcome;

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
  /** Units under way at once. */
  workers?: number;
  /** Compute again what the store already has. */
  fresh?: boolean;
  onProgress?: (progress: PlanProgress) => void;
  signal?: AbortSignal;
}

/**
 * Runs the units that the store does not have yet, and returns the results of all, in the order of `units`.
 * Each row is stored when its unit ends: a killed run loses at most the units under way.
 *
 * @throws the first error of a unit, after the units under way have been stored
 */
export async function runPlan(
  units: Unit[],
  store: ResultStore,
  run: UnitRunner,
  options: PlanOptions = {},
): Promise<StoredResult[]> {
  if (options.fresh) store.forget(units);
  const results = new Map<string, StoredResult>();
  const waiting = new Map<string, Unit>();
  for (const unit of units) {
    const key = unitKey(unit);
    const known = store.get(unit);
    if (known) results.set(key, known);
    else waiting.set(key, unit);
  }
  const reused = results.size;
  const total = results.size + waiting.size;
  options.onProgress?.({ done: results.size, total, reused });

  const queue = [...waiting];
  let failure: unknown;
  const work = async () => {
    for (let next = queue.shift(); next && failure === undefined; next = queue.shift()) {
      const [key, unit] = next;
      try {
        options.signal?.throwIfAborted();
        const outcome = await run(unit);
        for (const file of outcome.files ?? []) writeFileAtomic(file.path, file.bytes);
        results.set(key, store.add(unit, outcome.row));
        options.onProgress?.({ done: results.size, total, reused, last: unit });
      } catch (error) {
        failure ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.workers ?? 1) }, work));
  for (const kind of new Set(units.map((unit) => unit.kind))) store.settle(kind);
  if (failure !== undefined) throw failure;
  return units.map((unit) => results.get(unitKey(unit)) as StoredResult);
}
