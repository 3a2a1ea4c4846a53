import type { Adapter } from "../adapters/adapter.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { assertComparable } from "../signs/comparable.js";
import { sharedInitialisation } from "../signs/initialisation.js";
import { type Numbers, summationOrder, weightedSum } from "./weighted-sum.js";
import { type MixWeights, settleWeights } from "./weights.js";

/**
 * The uniform average of adapters, (1/k) Σ θᵢ: the paper's mixture, and `mixAdapters` with no option given. Sums are in
 * float64 and in an order fixed by the adapters' numbers, so the order given does not matter.
 *
 * @throws where configurations or encoders differ, naming what differs
 */
export function averageAdapters(adapters: readonly Adapter[], name?: string): Adapter {
  if (adapters.length === 0) throw new Error("A mixture needs at least one adapter.");
  assertComparable(adapters);
  const { values, divisor } = settleWeights(adapters.length, undefined, true);
  const sorted = summationOrder(adapters, values).map((i) => adapters[i]);
  const weights = { values, divisor };
  const { config, base } = adapters[0];
  const mixture: Adapter = {
    ...{ name: name ?? adapters.map((adapter) => adapter.name).join("+"), config, base },
    tensors: averageTensors(sorted, weights),
  };
  const seed = keptSeed(sorted, weights);
  return seed === undefined ? mixture : { ...mixture, seed };
}

/** Σ wᵢθᵢ tensor by tensor; with `negateB` LoRA's A takes |w|, so that a negative weight negates B·A. */
export function averageTensors(
  adapters: readonly Adapter[],
  weights: MixWeights,
  negateB: boolean = false,
): NamedTensorData {
  const positive = { values: weights.values.map(Math.abs), divisor: Math.abs(weights.divisor) };
  return Object.fromEntries(
    Object.entries(adapters[0].tensors).map(([name, { shape }]) => {
      const terms = adapters.map(({ tensors }) => tensors[name].data as Numbers);
      const sum = weightedSum(terms, negateB && name.endsWith(".A") ? positive : weights);
      return [name, float32(shape.slice(), new Float32Array(sum))];
    }),
  );
}

/** A mean of adapters of one start is that start plus the mean change, so it keeps the seed. */
export function keptSeed(adapters: readonly Adapter[], weights: MixWeights): Adapter["seed"] {
  const sum = weights.values.reduce((total, weight) => total + weight, 0) / weights.divisor;
  return Math.abs(sum - 1) < 1e-12 && sharedInitialisation(adapters) ? adapters[0].seed : undefined;
}
