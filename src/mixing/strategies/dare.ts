import { dropVector } from "../dare.js";
import type { VectorStrategy } from "../strategy.js";
import { weightedSum } from "../weighted-sum.js";

/** DARE: drop at random, rescale by 1/density, then the weighted sum. Yu et al. (2024), arXiv 2311.03099. */
export const dare: VectorStrategy = {
  density: 0.1, // the paper drops 90%
  drops: true,
  sparsify: dropVector,
  merge: weightedSum,
};
