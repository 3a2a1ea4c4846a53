import type { NamedTensorData } from "../engine/tensor-data.js";
import type { Coefficients } from "./coefficients.js";

/** Numbers of one tensor. */
export type Numbers = Float32Array | Float64Array;

/**
 * Σ cᵢ·xᵢ / divisor at every position, in float64 and in the order given; terms of coefficient 0 are left out, so that
 * coefficients [1, 0, …] give x₁ bit for bit, −0 and all.
 */
export function weightedSum(terms: readonly Numbers[], coefficients: Coefficients): Float64Array {
  const used = terms.filter((_, i) => coefficients.values[i] !== 0);
  const factors = coefficients.values.filter((coefficient) => coefficient !== 0);
  const sum = new Float64Array(terms[0].length);
  if (used.length === 0) return sum;
  for (let position = 0; position < sum.length; position++) {
    let total = factors[0] * used[0][position];
    for (let i = 1; i < used.length; i++) total += factors[i] * used[i][position];
    sum[position] = total / coefficients.divisor;
  }
  return sum;
}

/**
 * Order in which adapters, or heads, are summed: by their numbers, then by coefficient. It does not depend on the order given, so a
 * mixture is the same, bit for bit, whatever the order of its members.
 */
export function summationOrder(
  parts: readonly { tensors: NamedTensorData }[],
  coefficients: readonly number[],
): number[] {
  const names = Object.keys(parts[0].tensors).sort();
  return parts
    .map((_, i) => i)
    .sort((i, j) => compareNumbers(parts[i].tensors, parts[j].tensors, names) || coefficients[i] - coefficients[j]);
}

/** Trained adapters differ at once, so this rarely looks at more than a few numbers. */
function compareNumbers(a: NamedTensorData, b: NamedTensorData, names: string[]): number {
  for (const name of names) {
    const [left, right] = [a[name].data, b[name].data];
    if (left === right) continue;
    for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return 0;
}
