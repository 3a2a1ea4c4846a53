/**
 * Coefficients of a mixture as they enter the sum: result = Σ cᵢ·xᵢ / divisor. Dividing last keeps a mixture of copies equal
 * to the copy, bit for bit.
 */
export interface Coefficients {
  values: number[];
  divisor: number;
}

/**
 * Coefficients divided by their sum, as AdapterHub does by default. Throws where they sum to zero.
 */
export function normalizeCoefficients(coefficients: readonly number[]): number[] {
  const { values, divisor } = settleCoefficients(coefficients.length, coefficients, true);
  return values.map((value) => value / divisor);
}

/**
 * Coefficients for n adapters: uniform (1/n each) unless given; divided by their sum if `normalize`.
 * Throws on a wrong number of them, on one that is not finite, and on a sum of zero to divide by.
 */
export function settleCoefficients(
  n: number,
  coefficients: readonly number[] | undefined,
  normalize: boolean,
): Coefficients {
  if (!coefficients) return { values: new Array<number>(n).fill(1), divisor: n };
  if (coefficients.length !== n) throw new Error(`${n} adapters need ${n} coefficients, not ${coefficients.length}.`);
  const bad = coefficients.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new Error(`A mixing coefficient must be a finite number, not ${bad}.`);
  // sorted, so that the sum does not depend on the order of the adapters
  const sum = coefficients
    .slice()
    .sort((a, b) => a - b)
    .reduce((total, value) => total + value, 0);
  if (normalize && sum === 0) {
    throw new Error(
      "These coefficients sum to zero and cannot be normalised; set normalize to false to use them as given.",
    );
  }
  return { values: coefficients.slice(), divisor: normalize ? sum : 1 };
}
