/**
 * Weights of a mixture as they enter the sum: result = Σ wᵢ·xᵢ / divisor. Dividing last keeps a mixture of copies equal to
 * the copy, bit for bit.
 */
export interface MixWeights {
  values: number[];
  divisor: number;
}

/**
 * Weights divided by their sum, as AdapterHub does by default. Throws where they sum to zero.
 */
export function normalizeWeights(weights: readonly number[]): number[] {
  const { values, divisor } = settleWeights(weights.length, weights, true);
  return values.map((weight) => weight / divisor);
}

/**
 * Weights for n adapters: uniform (1/n each) unless given; divided by their sum if `normalize`.
 * Throws on a wrong number of weights, on one that is not finite, and on a sum of zero to divide by.
 */
export function settleWeights(n: number, weights: readonly number[] | undefined, normalize: boolean): MixWeights {
  if (!weights) return { values: new Array<number>(n).fill(1), divisor: n };
  if (weights.length !== n) throw new Error(`${n} adapters need ${n} weights, not ${weights.length}.`);
  const bad = weights.find((weight) => !Number.isFinite(weight));
  if (bad !== undefined) throw new Error(`A mixing weight must be a finite number, not ${bad}.`);
  // sorted, so that the sum does not depend on the order of the adapters
  const sum = weights
    .slice()
    .sort((a, b) => a - b)
    .reduce((total, weight) => total + weight, 0);
  if (normalize && sum === 0) {
    throw new Error(
      "These weights sum to zero and cannot be normalised; set normalizeWeights to false to use them as given.",
    );
  }
  return { values: weights.slice(), divisor: normalize ? sum : 1 };
}
