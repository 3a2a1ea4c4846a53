import { type Adapter, requireAdapters } from "../adapters/adapter.js";
import { requireOptions } from "../files/options.js";
import { layersByFsd } from "../pruning/layers-to-prune.js";
import { type PruneOptions, pruneAdapter } from "../pruning/prune.js";
import type { SignDifferenceOptions } from "../signs/sign-difference.js";
import { signDifferenceMatrix } from "../signs/sign-difference-matrix.js";
import { leastFsdChoice } from "./least-fsd.js";
import { mixAdapters } from "./mix.js";
import type { MixOptions } from "./options.js";

/** How sparse mixing chooses members and layers. */
export interface SparseMixingOptions {
  /** How many adapters are chosen by least row-mean FSD; all of them by default. */
  size?: number;
  /** m: how many layers of each chosen adapter are pruned, 0 to all. The paper does not say its m. */
  layers: number;
  /** Share of the weights in each of those layers that goes; the paper's are 0.8 and 0.9. */
  sparsity: number;
  /** How the FSD is taken; the paper's way by default. */
  signs?: SignDifferenceOptions;
  /** How the layers are pruned: by magnitude of the raw matrices, each layer by itself, unless said otherwise. */
  prune?: Omit<PruneOptions, "sparsity" | "layers">;
  /** How the adapters are mixed: plainly averaged by default. */
  mix?: MixOptions;
}

/** What sparse mixing made, and of what. */
export interface SparseMixing {
  mixture: Adapter;
  /** Positions of the adapters chosen, least row-mean FSD first. */
  members: number[];
  /** The layers pruned of each of them, in rising order. */
  prunedLayers: number[][];
}

/**
 * Sparse mixing: the `size` adapters of least row-mean FSD are chosen; of each the m layers in which it disagrees most
 * with the other chosen ones (a single one: with all others) are pruned, the rest stays dense; then they are averaged.
 * Throws where m is no number of layers that the adapters have, or where the adapters do not go together.
 * Nguyen & Le (2024), algorithm 4. Our variant that prunes every layer is `pruneThenMix`.
 */
export function sparseMixing(adapters: readonly Adapter[], options: SparseMixingOptions): SparseMixing {
  requireAdapters(adapters, "sparseMixing");
  requireOptions(options, "sparseMixing", "layers");
  const { size = adapters.length, ...rest } = options;
  const members = leastFsdChoice(signDifferenceMatrix(adapters, options.signs), size);
  const chosen = members.map((i) => adapters[i]);
  return { ...mixSparseLayers(chosen, { ...rest, among: adapters }), members };
}

/**
 * The second half of algorithm 4, for adapters that were chosen: of each the m layers of highest FSD with the others are
 * pruned, then they are averaged.
 *
 * @param options.among whom a single adapter is compared with
 */
export function mixSparseLayers(
  chosen: readonly Adapter[],
  options: Omit<SparseMixingOptions, "size"> & { among?: readonly Adapter[] },
): Omit<SparseMixing, "members"> {
  const { layers: m, sparsity, signs, prune, mix, among = [] } = options;
  const others = chosen.length > 1 ? [] : among.filter((one) => one !== chosen[0]);
  const ranked = layersByFsd([...chosen, ...others], signs).slice(0, chosen.length);
  const available = ranked[0].order.length;
  if (!(Number.isInteger(m) && m >= 0 && m <= available)) {
    throw new Error(
      `Cannot prune ${m ?? "no number of"} layers of these adapters, which have ${available} to compare.`,
    );
  }
  const prunedLayers = ranked.map(({ order }) => order.slice(0, m).sort((a, b) => a - b));
  const sparse = chosen.map((adapter, i) =>
    m === 0 ? adapter : pruneAdapter(adapter, { scope: "layer", ...prune, sparsity, layers: prunedLayers[i] }).adapter,
  );
  return { mixture: mixAdapters(sparse, mix), prunedLayers };
}
