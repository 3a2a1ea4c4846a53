import { createRandom } from "../engine/random.js";

/**
 * DARE's mask for one tensor of one adapter: 1 with probability `density`. It is fixed by the seed and the names, so an
 * adapter loses the same weights in every mixture.
 */
export function dareMask(
  size: number,
  density: number,
  seed: string | number,
  adapter: string,
  tensor: string,
): Uint8Array {
  const random = createRandom(seed).fork(`${adapter}/${tensor}`);
  return Uint8Array.from({ length: size }, () => (random.uniform() < density ? 1 : 0));
}

/**
 * Drops what the mask drops and divides the rest by the density, which keeps the expected value: m·x / (1 − p) with
 * p = 1 − density. Yu et al. (2024), arXiv 2311.03099.
 */
export function dropAndRescale(values: Float64Array, mask: ArrayLike<number>, density: number): Float64Array {
  return values.map((value, i) => (mask[i] ? value / density : 0));
}
