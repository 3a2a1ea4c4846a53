import { type Adapter, requireAdapters } from "../adapters/adapter.js";
import { checkOptions, type OptionNames } from "../files/options.js";
import { assertComparable } from "../signs/comparable.js";
import { sharedInitialisation, type WeightView } from "../signs/initialisation.js";
import { averageTensors, keptSeed, mixtureName } from "./average.js";
import { type Coefficients, settleCoefficients } from "./coefficients.js";
import { refuseSameNames } from "./dare.js";
import { concatenateFactors, mixProducts } from "./mix-products.js";
import { mixVectors } from "./mix-vectors.js";
import type { MixOptions, MixStrategy } from "./options.js";
import { mixAsPeft } from "./peft.js";
import { isVectorStrategy, strategies } from "./strategies.js";
import { summationOrder } from "./weighted-sum.js";

const optionNames: OptionNames<MixOptions> = {
  coefficients: true,
  normalize: true,
  strategy: true,
  space: true,
  rank: true,
  density: true,
  trimScope: true,
  majority: true,
  lambda: true,
  weights: true,
  seed: true,
  masks: true,
  compat: true,
  anyEncoder: true,
  name: true,
  onNote: true,
};

/**
 * Mixes adapters of one configuration and one encoder into a new adapter. Sums are in float64 and in an order fixed by
 * the adapters' numbers, so the order given does not matter (`cat` keeps it; its product does not mind). Coefficients
 * [1, 0, …] give the first adapter back bit for bit, and copies of an adapter average to it exactly. Heads are not mixed.
 *
 * By hand, 2×3, uniform: a = [1 −2 0; 3 −4 5], b = [1 2 −1; −3 −4 0].
 * `average` [1 0 −½; 0 −4 2½]. `ties` (raw, density 1): at the two conflicts the mass is 0, so no sign is elected:
 * [1 0 −1; 0 −4 5], where −1 and 5 are means of the one non-zero value. With coefficients [3, 1] the election stays, as
 * they come after it. `ties` with density ½ keeps [0 0 0; 3 −4 5] and [0 2 0; −3 −4 0] and gives [0 2 0; 0 −4 5].
 *
 * LoRA by factors: averaging A and B on their own is what AdapterHub does and what PEFT's `linear` does up to coefficients;
 * its product has cross terms, ((A₁+A₂)/2, (B₁+B₂)/2) → (B₁A₁ + B₁A₂ + B₂A₁ + B₂A₂)/4, which `space: "product"` and `cat`
 * have not. A negative coefficient would change the signs of both factors and so leave B·A as it is: refused.
 *
 * `compat: "adapterhub"` differs in two places: it mixes factors by negative coefficients as they are, and in the product space
 * keeps alpha when the rank changes, which changes the scale alpha/rank of the update (here alpha follows the rank).
 *
 * Throws where configurations or encoders differ, naming what differs, and where a result is not finite.
 */
export function mixAdapters(adapters: readonly Adapter[], options: MixOptions = {}): Adapter {
  requireAdapters(adapters, "mixAdapters");
  checkOptions(options, optionNames, "mixAdapters");
  if (adapters.length === 0) throw new Error("A mixture needs at least one adapter.");
  const { strategy = "average", space = "factors", compat } = options;
  checkStrategy(adapters, strategy, space, options);
  const anyRank = space === "product" || strategy === "cat" || compat === "peft";
  assertComparable(adapters, { anyEncoder: options.anyEncoder, anyRank });
  const { config, tensors, seed } = mixSorted(adapters, strategy, space, options);
  const name = mixtureName(adapters, options.name);
  for (const [tensor, { data }] of Object.entries(tensors)) {
    if (!data.every(Number.isFinite)) {
      throw new Error(`The mixture "${name}" is not finite in ${tensor}; look for NaN or infinity in its members.`);
    }
  }
  const mixture: Adapter = { name, config, base: adapters[0].base, tensors };
  return seed === undefined ? mixture : { ...mixture, seed };
}

function mixSorted(
  given: readonly Adapter[],
  strategy: MixStrategy,
  space: "factors" | "product",
  options: MixOptions,
): Pick<Adapter, "config" | "tensors" | "seed"> {
  const normalize = options.normalize ?? options.compat !== "peft";
  const unsorted = settleCoefficients(given.length, options.coefficients, normalize);
  // side by side nothing is summed, and a reader expects the factors in the order given
  const order = strategy === "cat" ? given.map((_, i) => i) : summationOrder(given, unsorted.values);
  const adapters = order.map((i) => given[i]);
  const coefficients: Coefficients = { values: order.map((i) => unsorted.values[i]), divisor: unsorted.divisor };
  const sorted = { ...options, masks: options.masks && order.map((i) => options.masks![i]) };
  if (options.compat === "peft") return mixAsPeft(adapters, coefficients, strategy, space, sorted);
  if (strategy === "cat") return concatenateFactors(adapters, coefficients);
  if (space === "product") return mixProducts(adapters, coefficients, strategy, sorted);
  const { config } = given[0];
  if (strategy === "average" || strategy === "negate_b") {
    if (strategy === "average" && options.compat !== "adapterhub") refuseNegative(adapters, coefficients);
    const tensors = averageTensors(adapters, coefficients, strategy === "negate_b");
    return { config, tensors, seed: keptSeed(adapters, coefficients) };
  }
  const weights = settleView(adapters, options);
  const tensors = mixVectors(adapters, coefficients, strategy, weights, sorted);
  return { config, tensors, seed: weights === "change" ? adapters[0].seed : undefined };
}

function settleView(adapters: readonly Adapter[], { weights, onNote = warnOnce }: MixOptions): WeightView {
  const shared = sharedInitialisation(adapters);
  if (weights === "change" && !shared) {
    throw new Error(
      `The changes of ${adapters.map(({ name }) => `"${name}"`).join(", ")} cannot be mixed: they are not known to ` +
        'start from the same tensors. Use weights: "raw".',
    );
  }
  if (!weights && !shared) {
    onNote(
      "These adapters are not known to start from the same tensors, so their raw weights are merged, not changes.",
    );
  }
  return weights ?? (shared ? "change" : "raw");
}

const warned = new Set<string>();

function warnOnce(note: string): void {
  if (!warned.has(note)) console.warn(note);
  warned.add(note);
}

function refuseNegative(adapters: readonly Adapter[], { values, divisor }: Coefficients): void {
  if (adapters[0].config.method === "lora" && values.some((value) => value / divisor < 0)) {
    throw new Error(
      "A negative coefficient on both factors of a LoRA leaves B·A as it is. " +
        'Use strategy "negate_b" or "cat", or space "product".',
    );
  }
}

const known = ["average", "negate_b", "cat", ...Object.keys(strategies)];

function checkStrategy(adapters: readonly Adapter[], strategy: MixStrategy, space: string, options: MixOptions): void {
  if (!known.includes(strategy)) {
    throw new Error(`"${strategy}" is no way to mix; choose ${known.join(", ")}.`);
  }
  const { method } = adapters[0].config;
  if (
    method !== "lora" &&
    (space === "product" || strategy === "cat" || strategy === "negate_b" || options.compat === "peft")
  ) {
    const what = space === "product" ? "The product space" : options.compat === "peft" ? "PEFT" : `"${strategy}"`;
    throw new Error(`${what} is for LoRA; "${adapters[0].name}" is a ${method} adapter.`);
  }
  if (options.compat === "adapterhub" && !["average", "negate_b"].includes(strategy)) {
    throw new Error(`AdapterHub has no "${strategy}"; leave compat out.`);
  }
  const { density } = options;
  if (density !== undefined && !(density >= 0 && density <= 1)) {
    throw new Error(`The density is a share from 0 to 1, not ${density}.`);
  }
  if (isVectorStrategy(strategy) && strategies[strategy].drops) {
    if (density === 0) throw new Error("DARE divides by the density, which cannot be 0.");
    if (!options.masks) refuseSameNames(adapters);
  }
  if (options.masks && options.masks.length !== adapters.length) {
    throw new Error(`${adapters.length} adapters need ${adapters.length} sets of masks, not ${options.masks.length}.`);
  }
}
