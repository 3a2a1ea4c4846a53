import { type Adapter, requireAdapter } from "../adapters/adapter.js";
import { methodOf } from "../adapters/methods.js";
import { placeOf } from "../adapters/place.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { checkOptions, type OptionNames, requireOptions } from "../files/options.js";
import { byPlace } from "../signs/adapter-signs.js";
import { changeOf, initialOf, type WeightView } from "../signs/initialisation.js";
import { groupFractions } from "../signs/sign-difference.js";
import { type Criterion, scoresOf } from "./criterion.js";
import { keepMasks, pruneCount } from "./keep-mask.js";
import { type PruneScope, poolsOf } from "./pools.js";
import type { PruneScores } from "./scores.js";

/** How an adapter is pruned. */
export interface PruneOptions {
  /** Share of the weights in scope that goes, 0 … 1; the count is round-half-to-even(sparsity · n), as in PyTorch. */
  sparsity: number;
  /** `global` for bottleneck adapters, `tensor` for LoRA, whose B is so much smaller than A that it would all go. */
  scope?: PruneScope;
  /**
   * What goes first: `magnitude` (default) the smallest, `largest` the largest, `random` any, `movement` what moved towards zero, `synflow`
   * what leads to little; a function, such as `snip`, `grasp` or `wanda` make, or scores.
   */
  criterion?: Criterion;
  /** `raw` (default) sets weights to zero. `change` acts on the change from initialisation and sets weights back to it. */
  weights?: WeightView;
  /** Prunes the biases too; by default only 2-D weights. */
  biases?: boolean;
  /** Only these encoder layers, from 0; the others stay dense and are not in scope. All by default. */
  layers?: readonly number[];
  /** Seed of `random`; 0 by default. */
  seed?: string | number;
  /** Multiplies what is kept by 1/(1 − sparsity of its tensor), to keep its expected size under random pruning. */
  rescale?: boolean;
}

/** Shares of the weights in scope that were kept. */
export interface KeptShares {
  overall: number;
  byTensor: Record<string, number>;
  byLayer: Record<string, number>;
  byModule: Record<string, number>;
  /** `down.weight` and `up.weight`; for LoRA the factors `A` and `B`. */
  byPart: Record<string, number>;
}

/** A pruned adapter with its mask and exact counts. */
export interface Pruned {
  adapter: Adapter;
  /** For each tensor in scope: 1 = kept, 0 = pruned. Biases are absent unless they were in scope. */
  mask: NamedTensorData;
  kept: KeptShares;
  /** Weights pruned, out of those in scope. */
  pruned: number;
  inScope: number;
}

const optionNames: OptionNames<PruneOptions> = {
  sparsity: true,
  scope: true,
  criterion: true,
  weights: true,
  biases: true,
  seed: true,
  rescale: true,
  layers: true,
};

/**
 * Prunes an adapter in one shot. Kept weights keep their bits; pruned ones become +0, or with `weights: "change"` their
 * initial value. Ties go in order of layer, tensor name and position, so masks of rising sparsity are nested.
 *
 * By hand, 2×3, raw, sparsity 0.5: [1 −2 0; 3 −4 5] keeps the three largest, [0 0 0; 3 −4 5]. With initial weights
 * [1 −2 1; 3 1 1] the change is [0 0 −1; 0 −5 4]; zeros go first, and [1 −2 0; 3 −4 5] stays as it was.
 *
 * Equal to `torch.nn.utils.prune` (`l1_unstructured` is scope `tensor`, `global_unstructured` scope `global`).
 */
export function pruneAdapter(adapter: Adapter, options: PruneOptions): Pruned {
  requireAdapter(adapter, "pruneAdapter");
  requireOptions(options, "pruneAdapter", "sparsity");
  checkOptions(options, optionNames, "pruneAdapter");
  const { sparsity, weights = "raw", criterion = "magnitude", seed = 0 } = options;
  const scope = options.scope ?? methodOf(adapter.config).pruneScope;
  const names = Object.keys(adapter.tensors)
    .filter((name) => options.biases || adapter.tensors[name].shape.length === 2)
    .filter((name) => options.layers?.includes(placeOf(name).layer) ?? true)
    .sort(byPlace);
  if (names.length === 0) {
    throw new Error(`"${adapter.name}" has nothing to prune in the layers ${options.layers?.join(", ")}.`);
  }
  const change = weights === "change" ? changeOf(adapter) : undefined;
  const values: PruneScores = Object.fromEntries(
    names.map((name) => [name, change?.[name] ?? (adapter.tensors[name].data as Float32Array)]),
  );
  const scores = scoresOf(values, criterion, { adapter, seed });
  const masks: Record<string, Uint8Array> = {};
  for (const pool of poolsOf(names, scope)) {
    const size = pool.reduce((sum, name) => sum + scores[name].length, 0);
    const poolScores = pool.map((name) => ({ name, scores: scores[name] }));
    Object.assign(masks, keepMasks(poolScores, pruneCount(sparsity, size)));
  }
  const initial = weights === "change" ? initialOf(adapter) : undefined;
  const tensors = applyMasks(adapter, masks, initial, options.rescale ?? false);
  return {
    adapter: { ...adapter, tensors },
    mask: Object.fromEntries(
      names.map((name) => [name, { shape: adapter.tensors[name].shape.slice(), dtype: "bool", data: masks[name] }]),
    ),
    ...countKept(names, masks),
  };
}

/**
 * The adapter's tensors with what a mask drops set to zero, or to its initial value where `initial` is given.
 * Tensors without a mask stay as they are.
 */
export function applyMasks(
  adapter: Adapter,
  masks: Record<string, Uint8Array>,
  initial?: NamedTensorData,
  rescale = false,
): NamedTensorData {
  const tensors: NamedTensorData = {};
  for (const [name, { shape, data }] of Object.entries(adapter.tensors)) {
    const result = new Float32Array(data);
    const mask = masks[name];
    if (mask) {
      const kept = mask.reduce((sum, bit) => sum + bit, 0);
      const factor = rescale && kept > 0 ? mask.length / kept : 1;
      for (let i = 0; i < result.length; i++) {
        const start = initial ? initial[name].data[i] : 0;
        if (!mask[i]) result[i] = start;
        else if (factor !== 1) result[i] = start + factor * (result[i] - start);
      }
    }
    tensors[name] = float32(shape.slice(), result);
  }
  return tensors;
}

function countKept(names: string[], masks: Record<string, Uint8Array>): Omit<Pruned, "adapter" | "mask"> {
  const perTensor = names.map((name) => ({ name, counts: masks[name] }));
  const count = (parts: Uint8Array[]) =>
    parts.reduce((sum, mask) => sum + mask.reduce((kept, bit) => kept + bit, 0), 0);
  const size = (parts: Uint8Array[]) => parts.reduce((sum, mask) => sum + mask.length, 0);
  const share = (parts: Uint8Array[]) => count(parts) / size(parts);
  const all = names.map((name) => masks[name]);
  return {
    kept: { overall: share(all), ...groupFractions(perTensor, share) },
    pruned: size(all) - count(all),
    inScope: size(all),
  };
}

/** Share of exact zeros among the 2-D weights of an adapter. */
export function sparsityOf(adapter: Adapter): number {
  requireAdapter(adapter, "sparsityOf");
  let zeros = 0;
  let size = 0;
  for (const { shape, data } of Object.values(adapter.tensors)) {
    if (shape.length !== 2) continue;
    for (const value of data) if (value === 0) zeros++;
    size += data.length;
  }
  return zeros / size;
}
