import type { Adapter } from "../adapters/adapter.js";
import { mixSingularParts, type SingularOptions, singularParts } from "./singular-mix.js";

/**
 * Iso-C on LoRA's products: of the sum Σ scale·BᵢAᵢ of each matrix all singular values become their mean, so that directions
 * that few adapters share count as much as those that all do. The mean is over the directions that the sum has.
 * Marczak et al. (2025), arXiv 2502.04959, algorithm 1.
 *
 * @returns a LoRA whose rank is the sum of its members' ranks
 * @throws if an adapter is no LoRA, or encoders differ
 */
export function isotropicMix(adapters: readonly Adapter[], options: SingularOptions = {}): Adapter {
  return mixSingularParts(adapters, options, (products) => {
    const { left, s, right } = singularParts(products(adapters));
    const there = s.filter((value) => value > 1e-9 * s[0]).length;
    const mean = there === 0 ? 0 : s.slice(0, there).reduce((total, value) => total + value, 0) / there;
    return { left: left.slice(0, there), s: s.slice(0, there).fill(mean), right: right.slice(0, there) };
  });
}
