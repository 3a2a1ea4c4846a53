import type { Adapter } from "../adapters/adapter.js";
import { mixSingularParts, type SingularOptions, singularParts } from "./singular-mix.js";
import { singularValues } from "./singular-values.js";

/**
 * TSV-M on LoRA's products: the first singular directions of each adapter's update, equally many of each and no more in all
 * than the matrix has, made orthogonal to those of the others and added up: Σ over directions of U⊥ S V⊥ᵀ, where U⊥ = PQᵀ is the
 * orthonormal matrix nearest to U = PDQᵀ. What adapters share counts once.
 * Gargiulo et al. (2025), arXiv 2412.00081, algorithm 1.
 *
 * @returns a LoRA whose rank is the sum of its members' ranks
 * @throws as `isotropicMix`
 */
export function singularVectorMix(adapters: readonly Adapter[], options: SingularOptions = {}): Adapter {
  return mixSingularParts(adapters, options, (products) => {
    const own = adapters.map((adapter) => {
      const product = products([adapter]);
      const share = Math.max(1, Math.floor(Math.min(product.out, product.in) / adapters.length));
      const { left, s, right } = singularParts(product);
      return { left: left.slice(0, share), s: s.slice(0, share), right: right.slice(0, share) };
    });
    return {
      left: orthonormal(own.flatMap(({ left }) => left)),
      s: Float64Array.from(own.flatMap(({ s }) => Array.from(s))),
      right: orthonormal(own.flatMap(({ right }) => right)),
    };
  });
}

/** The matrix with orthonormal columns nearest to one: PQᵀ of PDQᵀ. Directions of length 0 stay 0. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const { u, s, v } = singularValues(columns);
  const there = u.filter((_, j) => s[j] > 1e-9 * s[0]).length;
  return columns.map((column, c) => {
    const nearest = new Float64Array(column.length);
    for (let j = 0; j < there; j++) {
      for (let i = 0; i < nearest.length; i++) nearest[i] += u[j][i] * v[j][c];
    }
    return nearest;
  });
}
