import type { Adapter } from "../adapters/adapter.js";
import { adapterShapes } from "../adapters/create.js";
import type { LoraConfig } from "../adapters/lora.js";
import { loraProduct, loraScale } from "../adapters/lora.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { loraMatrices } from "../signs/adapter-signs.js";
import type { Coefficients } from "./coefficients.js";
import { type Factors, truncateFactors, truncateMatrix } from "./low-rank.js";
import { sparsify } from "./mix-vectors.js";
import type { MixOptions } from "./options.js";
import { strategies, type VectorStrategyName } from "./strategies.js";

type Mixture = Pick<Adapter, "config" | "tensors">;

/** Mixes the updates scale·B·A of LoRAs and cuts the result back to a rank by its singular values. */
export function mixProducts(
  adapters: readonly Adapter[],
  coefficients: Coefficients,
  strategy: "average" | "negate_b" | VectorStrategyName,
  options: MixOptions,
): Mixture {
  if (strategy === "negate_b")
    throw new Error('"negate_b" is a way to mix factors; in the product space use "average".');
  const rank = options.rank ?? Math.max(...adapters.map((adapter) => loraConfig(adapter).rank));
  if (!(Number.isInteger(rank) && rank >= 1))
    throw new Error(`The rank must be a whole number of 1 or more, not ${rank}.`);
  const scale = commonScale(adapters);
  adapterShapes({ ...loraConfig(adapters[0]), rank }, adapters[0].base); // refuses a rank that is too large to hold
  const tensors: NamedTensorData = {};
  for (const matrix of loraMatrices(adapters[0])) {
    const factors =
      strategy === "average"
        ? truncateFactors(sideBySide(adapters, coefficients, matrix, scale), rank)
        : mergedProduct(adapters, coefficients, matrix, scale, rank, strategy, options);
    Object.assign(tensors, factorTensors(matrix, factors));
  }
  const keepsAlpha = options.compat === "adapterhub";
  return { config: withRank(loraConfig(adapters[0]), rank, scale, keepsAlpha), tensors };
}

/** LoRAs side by side: B = [B₁ … B_k], A = [c₁A₁; …; c_kA_k], whose product is Σ wᵢ·BᵢAᵢ exactly. */
export function concatenateFactors(adapters: readonly Adapter[], coefficients: Coefficients): Mixture {
  const scale = commonScale(adapters);
  const tensors: NamedTensorData = {};
  for (const matrix of loraMatrices(adapters[0])) {
    Object.assign(tensors, factorTensors(matrix, sideBySide(adapters, coefficients, matrix, scale)));
  }
  const rank = adapters.reduce((sum, adapter) => sum + loraConfig(adapter).rank, 0);
  return { config: withRank(loraConfig(adapters[0]), rank, scale), tensors };
}

/** The scale of all adapters where they share one, else 1; what is left over goes into A. */
function commonScale(adapters: readonly Adapter[]): number {
  const scales = adapters.map((adapter) => loraScale(loraConfig(adapter)));
  return scales.every((scale) => scale === scales[0]) ? scales[0] : 1;
}

/** The configuration that gives a new rank the same scale. */
function withRank(config: LoraConfig, rank: number, scale: number, keepsAlpha = false): LoraConfig {
  const alpha = keepsAlpha ? config.alpha : scale * (config.rankStabilised ? Math.sqrt(rank) : rank);
  return { ...config, rank, alpha };
}

/** [B₁ … B_k] and [c₁A₁; …; c_kA_k] of one matrix, cᵢ = wᵢ/divisor · scaleᵢ/scale. */
export function sideBySide(
  adapters: readonly Adapter[],
  { values, divisor }: Coefficients,
  matrix: string,
  scale: number,
): Factors {
  const first = factorsOf(adapters[0], matrix);
  const rank = adapters.reduce((sum, adapter) => sum + factorsOf(adapter, matrix).rank, 0);
  const A = new Float64Array(rank * first.in);
  const B = new Float64Array(first.out * rank);
  let at = 0;
  adapters.forEach((adapter, i) => {
    const factors = factorsOf(adapter, matrix);
    const factor = ((values[i] / divisor) * loraScale(loraConfig(adapter))) / scale;
    A.set(
      factors.A.map((value) => factor * value),
      at * first.in,
    );
    for (let row = 0; row < first.out; row++) {
      B.set(factors.B.subarray(row * factors.rank, (row + 1) * factors.rank), row * rank + at);
    }
    at += factors.rank;
  });
  return { A, B, out: first.out, rank, in: first.in };
}

function mergedProduct(
  adapters: readonly Adapter[],
  coefficients: Coefficients,
  matrix: string,
  scale: number,
  rank: number,
  strategy: VectorStrategyName,
  options: MixOptions,
): Factors {
  const name = `${matrix}.BA`;
  const vectors = adapters.map((adapter) => ({ [name]: scaledProduct(adapter, matrix, scale) }));
  const terms = sparsify(adapters, vectors, strategy, options).map((vector) => vector[name]);
  const { out, in: inSize } = factorsOf(adapters[0], matrix);
  return truncateMatrix(strategies[strategy].merge(terms, coefficients, options), out, inSize, rank);
}

/** B·A·scaleᵢ/scale. [out, in] */
export function scaledProduct(adapter: Adapter, matrix: string, scale: number): Float64Array {
  const factor = loraScale(loraConfig(adapter)) / scale;
  const product = loraProduct(adapter.tensors[`${matrix}.A`], adapter.tensors[`${matrix}.B`]);
  return factor === 1 ? product : product.map((value) => factor * value);
}

export function factorsOf({ tensors }: Adapter, matrix: string): Factors {
  const [A, B] = [tensors[`${matrix}.A`], tensors[`${matrix}.B`]];
  return {
    A: new Float64Array(A.data),
    B: new Float64Array(B.data),
    out: B.shape[0],
    rank: A.shape[0],
    in: A.shape[1],
  };
}

export function factorTensors(matrix: string, factors: Factors): NamedTensorData {
  return {
    [`${matrix}.A`]: float32([factors.rank, factors.in], new Float32Array(factors.A)),
    [`${matrix}.B`]: float32([factors.out, factors.rank], new Float32Array(factors.B)),
  };
}

export function loraConfig(adapter: Adapter): LoraConfig {
  if (adapter.config.method !== "lora") throw new Error(`"${adapter.name}" is no LoRA.`);
  return adapter.config;
}
