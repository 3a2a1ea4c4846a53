import { type Adapter, requireAdapters } from "../adapters/adapter.js";
import { requireOptions } from "../files/options.js";
import { signMapOf } from "../signs/adapter-signs.js";
import { assertComparable } from "../signs/comparable.js";
import { compareSigns, type SignDifferenceOptions } from "../signs/sign-difference.js";

/** The layers of one adapter by how much it disagrees there with the others. */
export interface LayersByFsd {
  /** Mean over the other adapters of the FSD within the layer, by layer. */
  fsd: Record<number, number>;
  /** All layers, the highest FSD first. */
  order: number[];
}

const EQUAL = 1e-12;

/**
 * For each of two or more adapters its layers by mean FSD with the others there, the highest first; equal ones (within
 * 1e-12) go by layer. The first m are those that algorithm 4 prunes.
 * Throws, naming the difference, where two adapters cannot be compared.
 * Nguyen & Le (2024), algorithm 4.
 */
export function layersByFsd(adapters: readonly Adapter[], options: SignDifferenceOptions = {}): LayersByFsd[] {
  requireAdapters(adapters, "layersByFsd");
  requireOptions(options, "layersByFsd", "zeros");
  if (adapters.length < 2) throw new Error(`Layers are compared among two adapters or more, not ${adapters.length}.`);
  assertComparable(adapters, { anyEncoder: options.anyEncoder, anyRank: options.space === "product" });
  const maps = adapters.map((adapter) => signMapOf(adapter, options));
  return maps.map((own, i) => {
    const others = maps.filter((_, j) => j !== i).map((other) => compareSigns(own, other, options.zeros).byLayer);
    const layers = Object.keys(others[0]).map(Number);
    const fsd = Object.fromEntries(
      layers.map((layer) => [layer, others.reduce((sum, byLayer) => sum + byLayer[layer], 0) / others.length]),
    );
    const order = layers.sort((a, b) => (Math.abs(fsd[a] - fsd[b]) <= EQUAL ? a - b : fsd[b] - fsd[a]));
    return { fsd, order };
  });
}
