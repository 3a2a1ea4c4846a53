import { runUnits } from "../engine/pool.js";
import { inProcess, type Outcome, type PlanProgress, runPlan, type UnitRunner } from "../results/plan.js";
import type { StoredResult } from "../results/store.js";
import type { Unit } from "../results/unit.js";
import { kindOf, runUnitOf } from "./kinds.js";
import { cellProgress } from "./plan-progress.js";
import { lostAdapter, lostElsewhere, restoreAdapters } from "./restore-adapters.js";
import { demandStored } from "./stored-study.js";
import type { Study } from "./study.js";
import type { WorkerTask } from "./worker.js";

/** How an experiment tells its progress and can be stopped. */
export interface RunOptions {
  onProgress?: (progress: PlanProgress) => void;
  signal?: AbortSignal;
  /** Whether a unit is computed again though its row is stored; the row is kept until another takes its place. */
  isLost?: (unit: Unit) => boolean;
}

/**
 * The options of a run of trainings: a row whose adapter's file is gone (only one seed's are committed) is computed again, to
 * the same bytes; in a lazy study only where a unit needs it, or where it was computed on another kind of processor and nothing
 * depends on it.
 */
export function restoring(study: Study, options: RunOptions): RunOptions {
  if (study.stored) return options;
  return { ...options, isLost: study.lazy ? lostElsewhere(study) : lostAdapter(study) };
}

/**
 * Runs the units of a study that are not stored yet, on its workers, and returns the results of all in order.
 * A result has the same bytes whatever the number of workers.
 */
export async function runStudy(study: Study, units: Unit[], options: RunOptions = {}): Promise<StoredResult[]> {
  if (study.ask) return study.ask(units, options.isLost);
  if (study.stored) demandStored(study, units);
  if (study.lazy) await restoreAdapters(study, units, runnerOf(study), options.signal);
  return runPlan(units, study.store, runnerOf(study), { ...cellProgress(units), ...options, fresh: study.fresh });
}

/** Runs units of a study in this process, or on workers where it has several. */
export function runnerOf(study: Study): UnitRunner {
  const here = inProcess((unit) => runUnitOf(unit, study));
  return async (units, take, signal) => {
    if (study.workers < 2 || units.length < 2) return here(units, take, signal);
    const tasks = units.map((unit): WorkerTask => ({ study: study.options, unit, module: kindOf(unit.kind).module }));
    await runUnits<WorkerTask, Outcome>(new URL("./worker.js", import.meta.url), tasks, {
      workers: study.workers,
      backend: study.backend.name,
      onResult: take,
      signal,
    });
  };
}
