import type { Adapter } from "../adapters/adapter.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { changeOf, initialOf, type WeightView } from "../signs/initialisation.js";
import type { Coefficients } from "./coefficients.js";
import type { MixOptions } from "./options.js";
import { strategies, type VectorStrategyName } from "./strategies.js";
import type { TaskVector, VectorStrategy } from "./strategy.js";

/** The share kept: the one given, or the strategy's own. */
export function settleDensity(name: VectorStrategyName, density?: number): number {
  return density ?? strategies[name].density;
}

/** Mixes the tensors of adapters, bottlenecks or LoRA factors alike, by a strategy that acts on vectors. */
export function mixVectors(
  adapters: readonly Adapter[],
  coefficients: Coefficients,
  name: VectorStrategyName,
  weights: WeightView,
  options: MixOptions,
): NamedTensorData {
  const strategy: VectorStrategy = strategies[name];
  const vectors = adapters.map((adapter) => (weights === "change" ? changeOf(adapter) : rawOf(adapter)));
  const sparse = sparsify(adapters, vectors, name, options);
  const initial = weights === "change" ? initialOf(adapters[0]) : undefined;
  const tensors: NamedTensorData = {};
  for (const [tensor, { shape }] of Object.entries(adapters[0].tensors)) {
    const terms = sparse.map((vector) => vector[tensor]);
    const merged = strategy.merge(terms, coefficients, options);
    const start = initial?.[tensor].data;
    if (start) for (let i = 0; i < merged.length; i++) merged[i] += start[i];
    tensors[tensor] = float32(shape.slice(), new Float32Array(merged));
  }
  return tensors;
}

function rawOf({ tensors }: Adapter): TaskVector {
  return Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, new Float64Array(data)]));
}

/** Trims or drops, as the strategy has it. */
export function sparsify(
  adapters: readonly Adapter[],
  vectors: readonly TaskVector[],
  name: VectorStrategyName,
  options: MixOptions,
): TaskVector[] {
  const { trimScope = "tensor", seed = 0, masks } = options;
  const density = settleDensity(name, options.density);
  const strategy: VectorStrategy = strategies[name];
  return vectors.map((vector, a) =>
    strategy.sparsify(vector, { adapter: adapters[a].name, density, trimScope, seed, masks: masks?.[a] }),
  );
}
