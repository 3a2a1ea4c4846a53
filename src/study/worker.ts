import type { Outcome } from "../results/plan.js";
import type { Unit } from "../results/unit.js";
import { runUnitOf } from "./kinds.js";
import { openStudy, type Study, type StudyOptions } from "./study.js";

/** A unit with what its worker needs to open the same study. */
export interface WorkerTask {
  study: StudyOptions;
  unit: Unit;
  /** URL of the module that defines the unit's kind. */
  module: string;
}

const studies = new Map<string, Promise<Study>>();

/** Runs a unit on a worker process; studies are opened once per process. */
export async function runUnit({ study: options, unit, module }: WorkerTask): Promise<Outcome> {
  const key = JSON.stringify(options);
  let study = studies.get(key);
  if (!study) {
    study = openStudy({ ...options, quiet: true });
    studies.set(key, study);
  }
  await import(module);
  return runUnitOf(unit, await study);
}
