import type { Adapter } from "../adapters/adapter.js";
import { createRandom } from "../engine/random.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { checkOptions, type OptionNames } from "../files/options.js";
import { assertComparable } from "../signs/comparable.js";
import { changeOf, initialOf, sharedInitialisation } from "../signs/initialisation.js";
import { mixtureName } from "./average.js";
import { settleCoefficients } from "./coefficients.js";
import { refuseSameNames } from "./dare.js";
import { disjointMean, electSigns } from "./ties.js";
import { weightedSum } from "./weighted-sum.js";

/** How DELLA drops and merges. */
export interface DellaOptions {
  /** Share of values kept on average; 0.3 by default. */
  density?: number;
  /** How far the chance to be kept rises from a tensor's smallest value to its largest; 0.2 by default, as wide as fits. */
  window?: number;
  /** `elect` (default): a sign by summed mass, then the mean of those that agree, as TIES. `linear`: the average. */
  merge?: "elect" | "linear";
  /** λ, a factor on the merged change; 1 by default. */
  lambda?: number;
  /** Seed of what is dropped; 0 by default. */
  seed?: string | number;
  name?: string;
}

const optionNames: OptionNames<DellaOptions> = {
  ...{ density: true, window: true, merge: true, lambda: true, seed: true, name: true },
};

/**
 * DELLA: the change of each adapter loses values at random, large ones less often, and what is kept is divided by its own
 * chance, so that every expected value stays; then a sign is elected at each weight and those that agree are averaged.
 * Deep, Bhardwaj & Poria (2024), arXiv 2406.11617. `merge: "linear"` is mergekit's `della_linear`.
 *
 * @throws if the adapters do not share a start, two have one name, or an option is out of its range
 */
export function dellaMix(adapters: readonly Adapter[], options: DellaOptions = {}): Adapter {
  checkOptions(options, optionNames, "dellaMix");
  if (adapters.length === 0) throw new Error("A mixture needs at least one adapter.");
  const { density = 0.3, window = 0.2, merge = "elect", lambda = 1, seed = 0 } = options;
  if (!(density > 0 && density <= 1)) throw new Error(`The density is a share above 0, up to 1, not ${density}.`);
  if (!(window >= 0)) throw new Error(`The window is a width of 0 or more, not ${window}.`);
  assertComparable(adapters);
  refuseSameNames(adapters);
  if (!sharedInitialisation(adapters)) {
    throw new Error("DELLA mixes changes, and needs adapters that are known to start from the same tensors.");
  }
  const coefficients = settleCoefficients(adapters.length, undefined, true);
  const dropped = adapters.map((adapter) => {
    const random = createRandom(seed).fork(adapter.name);
    const change = Object.entries(changeOf(adapter));
    return Object.fromEntries(
      change.map(([tensor, values]) => [
        tensor,
        magnitudeDrop(values, keepChances(values, density, window), random.fork(tensor)),
      ]),
    );
  });
  const tensors: NamedTensorData = {};
  for (const [tensor, { shape, data }] of Object.entries(initialOf(adapters[0]))) {
    const terms = dropped.map((change) => change[tensor]);
    const merged =
      merge === "linear"
        ? weightedSum(terms, coefficients)
        : disjointMean(terms, electSigns(terms, "mass", 0), coefficients.values, "coefficients");
    tensors[tensor] = float32(
      shape.slice(),
      Float32Array.from(data, (start, i) => start + lambda * merged[i]),
    );
  }
  const name = mixtureName(adapters, options.name);
  return { ...adapters[0], name, tensors };
}

/** Each value with its own chance to stay, and divided by it. */
export function magnitudeDrop(
  values: Float64Array,
  chances: Float64Array,
  random: { uniform(): number },
): Float64Array {
  return values.map((value, i) => (random.uniform() < chances[i] ? value / chances[i] : 0));
}

/**
 * The chance of every value of a tensor to be kept: density − w/2 + w·r/(n − 1), with r the rank of its magnitude among n, from 0,
 * and w the window, or as much of it as leaves every chance in (0, 1]. Of equal magnitudes the later ranks higher.
 * MAGPRUNE, equations 1 and 2 of DELLA, which ranks within rows of a matrix.
 */
export function keepChances(values: ArrayLike<number>, density: number, window: number): Float64Array {
  const n = values.length;
  const width = Math.min(window, 2 * (1 - density), density);
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => Math.abs(values[i]) - Math.abs(values[j]) || i - j,
  );
  const chances = new Float64Array(n).fill(density);
  if (n > 1) {
    order.forEach((i, rank) => {
      chances[i] = density - width / 2 + (width * rank) / (n - 1);
    });
  }
  return chances;
}
