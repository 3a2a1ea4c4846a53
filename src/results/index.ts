/** Stored results: units, progress of a plan, the store. */

export type { Outcome, PlanProgress } from "./plan.js";
export type { ResultStore, StoredResult } from "./store.js";
export type { TrainedAdapter } from "./trained-file.js";
export type { Json, Row, Unit } from "./unit.js";
