import { type Adapter, placeOf } from "../adapters/adapter.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { roundHalfToEven } from "../pruning/keep-mask.js";
import { poolsOf } from "../pruning/prune.js";
import { changeOf, initialOf, type WeightView } from "../signs/initialisation.js";
import { dareMask, dropAndRescale } from "./dare.js";
import type { MixOptions, MixStrategy } from "./options.js";
import { disjointMean, electSigns, trim } from "./ties.js";
import { weightedSum } from "./weighted-sum.js";
import type { MixWeights } from "./weights.js";

/** The numbers of one adapter that are merged, by tensor name. */
export type TaskVector = Record<string, Float64Array>;

/** Density where none is given: the top 20% of TIES, and the 10% that DARE keeps. */
export function settleDensity(strategy: MixStrategy, density?: number): number {
  return density ?? (strategy.startsWith("dare") ? 0.1 : 0.2);
}

/** TIES, DARE and `magnitude_prune` on the tensors of adapters, bottlenecks or LoRA factors alike. */
export function mixVectors(
  adapters: readonly Adapter[],
  weights: MixWeights,
  strategy: MixStrategy,
  view: WeightView,
  options: MixOptions,
): NamedTensorData {
  const vectors = adapters.map((adapter) => (view === "change" ? changeOf(adapter) : rawOf(adapter)));
  const sparse = sparsify(adapters, vectors, strategy, options);
  const initial = view === "change" ? initialOf(adapters[0]) : undefined;
  const tensors: NamedTensorData = {};
  for (const [name, { shape }] of Object.entries(adapters[0].tensors)) {
    const terms = sparse.map((vector) => vector[name]);
    const merged = merge(terms, weights, strategy, options);
    const start = initial?.[name].data;
    if (start) for (let i = 0; i < merged.length; i++) merged[i] += start[i];
    tensors[name] = float32(shape.slice(), new Float32Array(merged));
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
  strategy: MixStrategy,
  options: MixOptions,
): TaskVector[] {
  const density = settleDensity(strategy, options.density);
  if (!strategy.startsWith("dare")) {
    return vectors.map((vector) => trimVector(vector, density, options.trimScope ?? "tensor"));
  }
  if (!options.masks) refuseSameNames(adapters);
  return vectors.map((vector, a) =>
    Object.fromEntries(
      Object.entries(vector).map(([name, values]) => {
        const mask = options.masks
          ? givenMask(options.masks[a], name, values.length)
          : dareMask(values.length, density, options.seed ?? 0, adapters[a].name, name);
        return [name, dropAndRescale(values, mask, density)];
      }),
    ),
  );
}

function trimVector(vector: TaskVector, density: number, scope: Parameters<typeof poolsOf>[1]): TaskVector {
  const trimmed: TaskVector = {};
  for (const names of poolsOf(Object.keys(vector), scope)) {
    const pool = Object.fromEntries(names.map((name) => [name, vector[name]]));
    const size = names.reduce((sum, name) => sum + vector[name].length, 0);
    Object.assign(trimmed, trim(pool, size - roundHalfToEven((1 - density) * size)));
  }
  return trimmed;
}

/** One tensor of the mixture from the sparse tensors of its members. */
export function merge(
  terms: readonly Float64Array[],
  weights: MixWeights,
  strategy: MixStrategy,
  { majority = "mass", lambda = 1 }: MixOptions,
): Float64Array {
  if (strategy === "dare" || strategy === "magnitude_prune") return weightedSum(terms, weights);
  if (weights.values.some((weight) => weight < 0)) {
    throw new Error("TIES takes weights of 0 or more: it divides by the sum of those that agree.");
  }
  const mean = disjointMean(terms, electSigns(terms, majority, 0), weights.values, "weights");
  return lambda === 1 ? mean : mean.map((value) => lambda * value); // θ = θ₀ + λ·τ
}

export function givenMask(masks: NamedTensorData, name: string, size: number): ArrayLike<number> {
  const mask = masks[name]?.data;
  if (mask?.length !== size) {
    const { layer, module, part } = placeOf(name);
    throw new Error(
      `The mask of layer ${layer}, ${module}.${part} must hold ${size} numbers, not ${mask?.length ?? 0}.`,
    );
  }
  return mask;
}

function refuseSameNames(adapters: readonly Adapter[]): void {
  const names = adapters.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new Error(`Two adapters are called "${twice}"; DARE draws each mask by the adapter's name, so rename one.`);
  }
}
