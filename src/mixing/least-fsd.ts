import { requireList, shownArgument } from "../files/arguments.js";

/**
 * Mean of each row of an FSD matrix, its diagonal left out: how far one adapter disagrees with all others.
 *
 * @param matrix [adapters, adapters], as `signDifferenceMatrix` gives it
 */
export function rowMeans(matrix: readonly (readonly number[])[]): number[] {
  requireList(matrix, "The FSD matrix is one that signDifferenceMatrix gives", Array.isArray);
  const n = matrix.length;
  if (n < 2 || matrix.some((row) => row.length !== n)) {
    throw new Error(`Row means need a square matrix of two adapters or more, not ${n} rows.`);
  }
  return matrix.map((row, i) => row.reduce((sum, value, j) => (j === i ? sum : sum + value), 0) / (n - 1));
}

/**
 * Least-FSD choice: the `size` adapters of least row mean, the least first. The choice of l is the first l of every larger
 * one; no set is grown, and no target counts. Row means within 1e-12 are equal, and go by order.
 * Nguyen & Le (2024), algorithm 1. Our greedy growth of a set is `greedyMix`.
 *
 * By hand: a–b 0.1, a–c 0.4, b–c 0.3 have the row means 0.25, 0.2 and 0.35, so the order is b, a, c.
 *
 * @returns positions of the adapters chosen
 */
export function leastFsdChoice(matrix: readonly (readonly number[])[], size: number): number[] {
  return choose(matrix, size, (order) => order);
}

/** Most-FSD choice: the order of `leastFsdChoice` from its end. Nguyen & Le (2024), figure 7. */
export function mostFsdChoice(matrix: readonly (readonly number[])[], size: number): number[] {
  return choose(matrix, size, (order) => order.reverse());
}

/**
 * The first `size` of an order for a target: the target first, in place of the last where it was not among them. Algorithm 1
 * knows no target; so all sizes are tested on the same domains, as in the paper's figure 7.
 */
export function chooseFor(target: number, order: readonly number[], size: number = order.length): number[] {
  return [target, ...order.filter((one) => one !== target)].slice(0, size);
}

const EQUAL = 1e-12;

function choose(
  matrix: readonly (readonly number[])[],
  size: number,
  arrange: (order: number[]) => number[],
): number[] {
  const means = rowMeans(matrix);
  if (!(Number.isInteger(size) && size >= 1 && size <= means.length)) {
    throw new Error(`Cannot choose ${shownArgument(size)} of ${means.length} adapters.`);
  }
  const order = means
    .map((_, i) => i)
    .sort((i, j) => (Math.abs(means[i] - means[j]) <= EQUAL ? i - j : means[i] - means[j]));
  return arrange(order).slice(0, size);
}
