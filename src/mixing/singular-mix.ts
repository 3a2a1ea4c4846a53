import type { Adapter } from "../adapters/adapter.js";
import type { LoraConfig } from "../adapters/lora.js";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { loraMatrices } from "../signs/adapter-signs.js";
import { assertComparable } from "../signs/comparable.js";
import { mixtureName } from "./average.js";
import { type Factors, truncateFactors } from "./low-rank.js";
import { factorTensors, loraConfig, sideBySide } from "./mix-products.js";

/** How the singular values of LoRAs' products are mixed. */
export interface SingularOptions {
  /** λ, a factor on the merged update; 1 by default. The papers tune it on validation data. */
  lambda?: number;
  name?: string;
}

/** M = Σ sⱼ·leftⱼ rightⱼᵀ. */
export interface SingularParts {
  left: Float64Array[];
  s: Float64Array;
  right: Float64Array[];
}

/**
 * Mixes LoRAs matrix by matrix, given what gives a matrix's Σ scale·BᵢAᵢ over some of them, in factors. The scale of the result
 * is 1 and its rank the sum of the ranks.
 *
 * @throws if an adapter is no LoRA, or encoders differ
 */
export function mixSingularParts(
  adapters: readonly Adapter[],
  { lambda = 1, name }: SingularOptions,
  merge: (products: (some: readonly Adapter[]) => Factors) => SingularParts,
): Adapter {
  if (adapters.length === 0) throw new Error("A mixture needs at least one adapter.");
  const configs = adapters.map(loraConfig);
  assertComparable(adapters, { anyRank: true });
  const rank = configs.reduce((total, config) => total + config.rank, 0);
  const tensors: NamedTensorData = {};
  for (const matrix of loraMatrices(adapters[0])) {
    const products = (some: readonly Adapter[]) =>
      sideBySide(some, { values: some.map(() => 1), divisor: 1 }, matrix, 1);
    const { left, s, right } = merge(products);
    const { out, in: inSize } = products([adapters[0]]);
    const mixed: Factors = {
      A: new Float64Array(rank * inSize),
      B: new Float64Array(out * rank),
      out,
      rank,
      in: inSize,
    };
    left.forEach((column, r) => {
      mixed.A.set(right[r], r * inSize);
      for (let row = 0; row < out; row++) mixed.B[row * rank + r] = lambda * s[r] * column[row];
    });
    Object.assign(tensors, factorTensors(matrix, mixed));
  }
  const config: LoraConfig = { ...configs[0], rank, alpha: rank, rankStabilised: false };
  return { name: mixtureName(adapters, name), config, base: adapters[0].base, tensors };
}

/** Singular values and vectors of B·A, the largest first; directions of length 0 have zeros on the left. */
export function singularParts(factors: Factors): SingularParts {
  const { A, B, out, rank, in: inSize } = truncateFactors(factors, factors.rank); // B = US, A = Vᵀ
  const columns = Array.from({ length: rank }, (_, r) =>
    Float64Array.from({ length: out }, (_, row) => B[row * rank + r]),
  );
  const s = Float64Array.from(columns, (column) => Math.hypot(...column));
  return {
    left: columns.map((column, r) => (s[r] === 0 ? column : column.map((value) => value / s[r]))),
    s,
    right: columns.map((_, r) => A.slice(r * inSize, (r + 1) * inSize)),
  };
}
