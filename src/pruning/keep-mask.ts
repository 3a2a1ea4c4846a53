import { shownArgument } from "../files/arguments.js";

/** Scores of one tensor: the lowest are pruned first. */
export interface TensorScores {
  name: string;
  scores: Float32Array | Float64Array;
}

/** Rounds to the nearest whole number and a half to the even one, as PyTorch counts the weights to prune. */
export function roundHalfToEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

/** Number of weights that a sparsity prunes out of `n`. Throws unless 0 ≤ sparsity ≤ 1. */
export function pruneCount(sparsity: number, n: number): number {
  if (!(sparsity >= 0 && sparsity <= 1))
    throw new Error(`The sparsity must lie between 0 and 1; ${shownArgument(sparsity)} does not.`);
  return roundHalfToEven(sparsity * n);
}

/**
 * Masks (1 = kept) that prune exactly `count` weights out of a pool of tensors: those with the lowest scores. Of equal
 * scores the earlier in the pool goes first, so that a higher count always prunes a superset.
 * Throws on a score that is not a number.
 */
export function keepMasks(pool: readonly TensorScores[], count: number): Record<string, Uint8Array> {
  const size = pool.reduce((sum, { scores }) => sum + scores.length, 0);
  if (!(Number.isInteger(count) && count >= 0 && count <= size)) {
    throw new Error(`Cannot prune ${count} of ${size} weights.`);
  }
  const sorted = pool.every(({ scores }) => scores instanceof Float32Array)
    ? new Float32Array(size)
    : new Float64Array(size);
  let offset = 0;
  for (const { name, scores } of pool) {
    if (scores.some(Number.isNaN))
      throw new Error(`${name} holds a NaN, which has no place in the order of magnitudes.`);
    sorted.set(scores, offset);
    offset += scores.length;
  }
  sorted.sort();
  const threshold = count === 0 ? Number.NEGATIVE_INFINITY : sorted[count - 1];
  let atThreshold = count - lowerBound(sorted, threshold);
  const masks: Record<string, Uint8Array> = {};
  for (const { name, scores } of pool) {
    const mask = new Uint8Array(scores.length);
    for (let i = 0; i < scores.length; i++) {
      if (scores[i] > threshold) mask[i] = 1;
      else if (scores[i] === threshold && atThreshold-- <= 0) mask[i] = 1;
    }
    masks[name] = mask;
  }
  return masks;
}

/** How many of the sorted numbers lie below `value`. */
function lowerBound(sorted: Float32Array | Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
