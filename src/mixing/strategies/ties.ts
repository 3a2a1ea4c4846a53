import type { VectorStrategy } from "../strategy.js";
import { disjointMean, electSigns } from "../ties.js";
import { trimVector } from "../trim-vector.js";

/** TIES: trim → elect a sign by summed mass → weighted mean of the agreeing → λ. Yadav et al. (2023), arXiv 2306.01708. */
export const ties: VectorStrategy = {
  density: 0.2, // the paper's top 20%
  drops: false,
  sparsify: (vector, { density, trimScope }) => trimVector(vector, density, trimScope),
  merge: mergeAgreeing,
};

/** λ times the mean of the values that have the elected sign. */
export function mergeAgreeing(
  ...[terms, { values }, { majority = "mass", lambda = 1 }]: Parameters<VectorStrategy["merge"]>
): Float64Array {
  if (values.some((coefficient) => coefficient < 0)) {
    throw new Error("TIES takes coefficients of 0 or more: it divides by the sum of those that agree.");
  }
  const mean = disjointMean(terms, electSigns(terms, majority, 0), values, "coefficients");
  return lambda === 1 ? mean : mean.map((value) => lambda * value); // θ = θ₀ + λ·τ
}
