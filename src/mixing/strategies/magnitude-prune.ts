import type { VectorStrategy } from "../strategy.js";
import { trimVector } from "../trim-vector.js";
import { weightedSum } from "../weighted-sum.js";

/** Trim as TIES does, then the weighted sum. PEFT's name. */
export const magnitudePrune: VectorStrategy = {
  density: 0.2,
  drops: false,
  sparsify: (vector, { density, trimScope }) => trimVector(vector, density, trimScope),
  merge: weightedSum,
};
