import { roundHalfToEven } from "../pruning/keep-mask.js";
import { type PruneScope, poolsOf } from "../pruning/pools.js";
import type { TaskVector } from "./strategy.js";
import { trim } from "./ties.js";

/** Keeps the largest share of a vector's values, in each tensor, each layer or the whole, and sets the others to zero. */
export function trimVector(vector: TaskVector, density: number, scope: PruneScope): TaskVector {
  const trimmed: TaskVector = {};
  for (const names of poolsOf(Object.keys(vector), scope)) {
    const pool = Object.fromEntries(names.map((name) => [name, vector[name]]));
    const size = names.reduce((sum, name) => sum + vector[name].length, 0);
    Object.assign(trimmed, trim(pool, size - roundHalfToEven((1 - density) * size)));
  }
  return trimmed;
}
