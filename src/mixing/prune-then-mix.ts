import { type Adapter, requireAdapters } from "../adapters/adapter.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { requireOptions } from "../files/options.js";
import type { PruneScope } from "../pruning/pools.js";
import { pruneAdapter } from "../pruning/prune.js";
import { changeOf, initialOf, type WeightView } from "../signs/initialisation.js";
import { mixAdapters } from "./mix.js";

/**
 * A sparse mixture, and what it is compared with to tell *why* it does well or badly.
 *
 * - `sparse`: each adapter pruned by magnitude, then the uniform average.
 * - `random`: the same with random masks of equal sparsity, each adapter its own.
 * - `randomRescaled`: random masks, and what is kept divided by the share kept, so that no weight shrinks on average.
 * - `scaledDense`: the dense average times one number, such that its norm is that of the sparse mixture.
 * - `scaledSparse`: the sparse mixture times one number, such that its norm is that of the dense average.
 * - `ties`: the same sparse adapters, but at each weight only those that agree with the elected sign are averaged.
 * - `dense`: the average without pruning.
 */
export type SparseMixture = "sparse" | "random" | "randomRescaled" | "scaledDense" | "scaledSparse" | "ties" | "dense";

/** All kinds of sparse mixtures, the controls after what they control. */
export const sparseMixtures: readonly SparseMixture[] = [
  "sparse",
  "random",
  "randomRescaled",
  "scaledDense",
  "scaledSparse",
  "ties",
  "dense",
];

/** How adapters are pruned before they are mixed. */
export interface PruneThenMixOptions {
  /** Share of each adapter's 2-D weights that goes, 0 … 1. */
  sparsity: number;
  /** `sparse` by default. */
  kind?: SparseMixture;
  /** `raw` (default) prunes weights to zero; `change` prunes their change from the shared start. */
  weights?: WeightView;
  /** As for `pruneAdapter`. */
  scope?: PruneScope;
  /** Seed of the random masks; 0 by default. */
  seed?: string | number;
}

/**
 * Prunes adapters and averages them, or makes one of the controls. Only 2-D weights are pruned, scaled and elected;
 * biases are averaged in every kind, so that two kinds differ in nothing else.
 *
 * @throws if `kind` is unknown, if the adapters do not go together, or for `change` if their start is unknown
 */
export function pruneThenMix(adapters: readonly Adapter[], options: PruneThenMixOptions): Adapter {
  requireAdapters(adapters, "pruneThenMix");
  requireOptions(options, "pruneThenMix", "sparsity");
  const { sparsity, kind = "sparse", weights = "raw", scope, seed = 0 } = options;
  if (!sparseMixtures.includes(kind)) {
    throw new Error(`"${kind}" is no kind of sparse mixture; choose ${sparseMixtures.join(", ")}.`);
  }
  const name = `${adapters.map((adapter) => adapter.name).join("+")} (${kind}, ${sparsity} sparse)`;
  const dense = () => mixAdapters(adapters, { name });
  if (kind === "dense") return dense();
  const random = kind === "random" || kind === "randomRescaled";
  const pruned = adapters.map(
    (adapter) =>
      pruneAdapter(adapter, {
        ...{ sparsity, weights, scope },
        criterion: random ? "random" : "magnitude",
        seed: `${seed}/${adapter.name}`, // each adapter its own mask
        rescale: kind === "randomRescaled",
      }).adapter,
  );
  const sparse = mixAdapters(pruned, { name });
  if (kind === "scaledDense") return scaleToNorm(dense(), normOf(sparse, weights), weights);
  if (kind === "scaledSparse") return scaleToNorm(sparse, normOf(dense(), weights), weights);
  if (kind === "ties") return electInstead(sparse, pruned, weights);
  return sparse;
}

/** Norm over the 2-D weights, ‖w‖, or ‖w − w₀‖ of their change. */
export function normOf(adapter: Adapter, weights: WeightView): number {
  const change = weights === "change" ? changeOf(adapter) : undefined;
  let squares = 0;
  for (const [name, { shape, data }] of Object.entries(adapter.tensors)) {
    if (shape.length !== 2) continue;
    for (const value of change?.[name] ?? data) squares += value * value;
  }
  return Math.sqrt(squares);
}

/** The adapter with its 2-D weights, or their change, multiplied by one number such that they have the norm asked for. */
function scaleToNorm(adapter: Adapter, norm: number, weights: WeightView): Adapter {
  const own = normOf(adapter, weights);
  const factor = own === 0 ? 1 : norm / own;
  const initial = weights === "change" ? initialOf(adapter) : undefined;
  return mapMatrices(adapter, (name, data) => {
    const start = initial?.[name].data;
    return data.map((value, i) => (start ? start[i] + factor * (value - start[i]) : factor * value));
  });
}

/** The 2-D weights by TIES's election among sparse adapters, without trimming them further; the biases as they are. */
function electInstead(average: Adapter, pruned: readonly Adapter[], weights: WeightView): Adapter {
  const elected = mixAdapters(pruned, { strategy: "ties", density: 1, weights });
  return mapMatrices(average, (name) => elected.tensors[name].data as Float32Array);
}

function mapMatrices(adapter: Adapter, change: (name: string, data: Float32Array) => Float32Array): Adapter {
  const tensors: NamedTensorData = {};
  for (const [name, tensor] of Object.entries(adapter.tensors)) {
    const { shape, data } = tensor;
    tensors[name] = shape.length === 2 ? float32(shape.slice(), change(name, data as Float32Array)) : tensor;
  }
  return { ...adapter, tensors };
}
