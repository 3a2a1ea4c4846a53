import type { Adapter } from "../adapters/adapter.js";
import type { LoraConfig } from "../adapters/lora.js";
import { loraScale } from "../adapters/lora.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { loraMatrices } from "../signs/adapter-signs.js";
import type { Coefficients } from "./coefficients.js";
import { dropVector } from "./dare.js";
import { truncateFactors, truncateMatrix } from "./low-rank.js";
import { factorTensors, loraConfig, scaledProduct, sideBySide } from "./mix-products.js";
import { settleDensity } from "./mix-vectors.js";
import type { MixOptions, MixStrategy } from "./options.js";
import { isVectorStrategy, strategies } from "./strategies.js";
import { disjointMean, electSigns, trim } from "./ties.js";
import { weightedSum } from "./weighted-sum.js";

/**
 * LoRAs mixed with the arithmetic of PEFT's `add_weighted_adapter` (0.21): `average` is its `linear`, in the product
 * space its `svd`; `ties`, `dare` (`dare_linear`), `dare_ties`, `magnitude_prune` and `cat` bear its names, in the product
 * space with `_svd`; `majority` "mass" and "count" are its "total" and "frequency". It differs from ours so:
 *
 * - coefficients are not normalised; the scales sᵢ = alpha/rank go into the factors and the result has scale 1;
 * - factors take the square root: sgn(cᵢ)·√|cᵢsᵢ| on A, √|cᵢsᵢ| on B, so that a single adapter keeps its update. Mixing
 *   [a, b] by ½, ½ then gives A = √½(A₁ + A₂) where ours gives ½(A₁ + A₂): the product is twice as large;
 * - TIES keeps ⌊density·n⌋ values, a mass of zero elects +, and the weighted sum of the agreeing is divided by their
 *   *number*. By hand, coefficients ½, ½, values 2 and 4, both positive: (1 + 2)/2 = 1.5, where ours is their mean, 3;
 * - raw weights always.
 *
 * One difference is not followed: for rank-stabilised LoRA PEFT keeps that flag on a result made for scale 1, so that it
 * acts √rank too strongly (huggingface/peft issue 3761); here the flag is dropped.
 */
export function mixAsPeft(
  adapters: readonly Adapter[],
  coefficients: Coefficients,
  strategy: MixStrategy,
  space: "factors" | "product",
  options: MixOptions,
): Pick<Adapter, "config" | "tensors"> {
  if (strategy === "negate_b") throw new Error('"negate_b" is AdapterHub\'s; PEFT negates A alone by itself.');
  const given = coefficients.values.map((coefficient) => coefficient / coefficients.divisor);
  const ranks = adapters.map((adapter) => loraConfig(adapter).rank);
  const tensors: NamedTensorData = {};
  const rank = rankOfResult(ranks, strategy, space, options);
  for (const matrix of loraMatrices(adapters[0])) {
    // PEFT mixes a single adapter linearly, whatever is asked for
    if (adapters.length === 1) Object.assign(tensors, mixFactors(adapters, given, matrix, "average", options));
    else if (strategy === "cat") {
      Object.assign(tensors, factorTensors(matrix, sideBySide(adapters, { values: given, divisor: 1 }, matrix, 1)));
    } else if (space === "product") {
      Object.assign(tensors, mixProduct(adapters, given, matrix, strategy, rank, options));
    } else Object.assign(tensors, mixFactors(adapters, given, matrix, strategy, options));
  }
  const config: LoraConfig = { ...loraConfig(adapters[0]), rank, alpha: rank, rankStabilised: false };
  return { config, tensors };
}

function rankOfResult(ranks: number[], strategy: MixStrategy, space: string, options: MixOptions): number {
  if (ranks.length === 1) return ranks[0];
  if (strategy === "cat") return ranks.reduce((sum, rank) => sum + rank, 0);
  return space === "product" ? (options.rank ?? Math.max(...ranks)) : ranks[0];
}

function mixFactors(
  adapters: readonly Adapter[],
  coefficients: readonly number[],
  matrix: string,
  strategy: MixStrategy,
  options: MixOptions,
): NamedTensorData {
  const ranks = adapters.map((adapter) => loraConfig(adapter).rank);
  if (ranks.some((rank) => rank !== ranks[0])) {
    throw new Error(`Factors of different ranks (${ranks}) do not add; use strategy "cat" or space "product".`);
  }
  const scaled = adapters.map((adapter, i) => coefficients[i] * loraScale(loraConfig(adapter)));
  const onB = scaled.map((coefficient) => Math.sqrt(Math.abs(coefficient)));
  const onA = scaled.map((coefficient, i) => (coefficient < 0 ? -onB[i] : onB[i]));
  const mixed = (name: string, factors: number[]) => {
    const terms = adapters.map((adapter) => new Float64Array(adapter.tensors[name].data));
    const sum = combine(adapters, terms, factors, name, strategy, options);
    return [name, float32(adapters[0].tensors[name].shape.slice(), new Float32Array(sum))];
  };
  return Object.fromEntries([mixed(`${matrix}.A`, onA), mixed(`${matrix}.B`, onB)]);
}

function mixProduct(
  adapters: readonly Adapter[],
  coefficients: readonly number[],
  matrix: string,
  strategy: MixStrategy,
  rank: number,
  options: MixOptions,
): NamedTensorData {
  if (strategy === "average") {
    const product = sideBySide(adapters, { values: coefficients.slice(), divisor: 1 }, matrix, 1);
    return factorTensors(matrix, truncateFactors(product, rank));
  }
  const terms = adapters.map((adapter) => scaledProduct(adapter, matrix, 1));
  const sum = combine(adapters, terms, coefficients, `${matrix}.BA`, strategy, options);
  const out = adapters[0].tensors[`${matrix}.B`].shape[0];
  return factorTensors(matrix, truncateMatrix(sum, out, sum.length / out, rank));
}

/** PEFT's `merge_utils` on one tensor of every adapter. */
function combine(
  adapters: readonly Adapter[],
  terms: readonly Float64Array[],
  coefficients: readonly number[],
  name: string,
  strategy: MixStrategy,
  options: MixOptions,
): Float64Array {
  const plain = { values: coefficients.slice(), divisor: 1 };
  if (!isVectorStrategy(strategy)) return weightedSum(terms, plain);
  const density = settleDensity(strategy, options.density);
  const { drops } = strategies[strategy];
  const sparse = terms.map((values, i) => {
    if (density >= 1) return values;
    if (!drops) return trim({ [name]: values }, Math.trunc(density * values.length))[name];
    const { seed = 0, masks } = options;
    return dropVector({ [name]: values }, { adapter: adapters[i].name, density, seed, masks: masks?.[i] })[name];
  });
  if (strategy === "dare" || strategy === "magnitude_prune") return weightedSum(sparse, plain);
  return disjointMean(sparse, electSigns(sparse, options.majority ?? "mass", 1), coefficients, "count");
}
