import { keepMasks } from "../pruning/keep-mask.js";
import type { Numbers } from "./weighted-sum.js";

/** How the sign of a position is elected: by the sum of the values, or by the number of positive and negative ones. */
export type Majority = "mass" | "count";

/**
 * Keeps the `count` largest values of a pool of tensors and sets the others to zero. Of equal magnitudes the later is kept.
 */
export function trim(pool: Record<string, Float64Array>, count: number): Record<string, Float64Array> {
  const scores = Object.entries(pool).map(([name, values]) => ({ name, scores: values.map(Math.abs) }));
  const size = scores.reduce((sum, tensor) => sum + tensor.scores.length, 0);
  const masks = keepMasks(scores, size - count);
  return Object.fromEntries(
    Object.entries(pool).map(([name, values]) => [name, values.map((value, i) => (masks[name][i] ? value : 0))]),
  );
}

/**
 * The elected sign of every position: γ = sgn(Σᵢ xᵢ), or of Σᵢ sgn(xᵢ) by `count`. A tie elects no sign (0), as the
 * formula has it, or + where `tie` says so, as PEFT does.
 * TIES, equation of step 2: Yadav et al. (2023), arXiv 2306.01708.
 */
export function electSigns(terms: readonly Numbers[], majority: Majority, tie: 0 | 1): Int8Array {
  const elected = new Int8Array(terms[0].length);
  for (let position = 0; position < elected.length; position++) {
    let vote = 0;
    for (const term of terms) vote += majority === "mass" ? term[position] : Math.sign(term[position]);
    elected[position] = vote === 0 ? tie : Math.sign(vote);
  }
  return elected;
}

/**
 * Weighted mean of the values that have the elected sign: Σ cᵢxᵢ / Σ cᵢ over i with sgn(xᵢ) = γ; 0 where none has.
 * With `divideBy: "count"` the divisor is their number, as in PEFT, so that coefficients below 1 shrink the result.
 */
export function disjointMean(
  terms: readonly Numbers[],
  elected: Int8Array,
  coefficients: readonly number[],
  divideBy: "coefficients" | "count",
): Float64Array {
  const mean = new Float64Array(elected.length);
  for (let position = 0; position < mean.length; position++) {
    let sum = 0;
    let divisor = 0;
    for (let i = 0; i < terms.length; i++) {
      const value = terms[i][position];
      if (value === 0 || Math.sign(value) !== elected[position]) continue;
      sum += coefficients[i] * value;
      divisor += divideBy === "coefficients" ? coefficients[i] : 1;
    }
    if (divisor !== 0) mean[position] = sum / divisor;
  }
  return mean;
}
