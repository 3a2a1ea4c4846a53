import { type Adapter, requireAdapters } from "../adapters/adapter.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { assertComparable } from "../signs/comparable.js";
import { sharedInitialisation } from "../signs/initialisation.js";
import { type Coefficients, settleCoefficients } from "./coefficients.js";
import { type Numbers, summationOrder, weightedSum } from "./weighted-sum.js";

/**
 * The uniform average of adapters, (1/k) Σ θᵢ: the paper's mixture, and `mixAdapters` with no option given. Sums are in
 * float64 and in an order fixed by the adapters' numbers, so the order given does not matter.
 *
 * @throws where configurations or encoders differ, naming what differs
 */
export function averageAdapters(adapters: readonly Adapter[], name?: string): Adapter {
  requireAdapters(adapters, "averageAdapters");
  if (adapters.length === 0) throw new Error("A mixture needs at least one adapter.");
  assertComparable(adapters);
  const { values, divisor } = settleCoefficients(adapters.length, undefined, true);
  const sorted = summationOrder(adapters, values).map((i) => adapters[i]);
  const coefficients = { values, divisor };
  return mixtureOf(adapters, averageTensors(sorted, coefficients), keptSeed(sorted, coefficients), name);
}

/** The name of a mixture: the one given, or its members' joined. */
export function mixtureName(members: readonly { name: string }[], given?: string): string {
  return given ?? members.map(({ name }) => name).join("+");
}

/** A mixture of adapters of one configuration, with these tensors, and with the seed where one is kept. */
export function mixtureOf(
  adapters: readonly Adapter[],
  tensors: NamedTensorData,
  seed: Adapter["seed"],
  name?: string,
): Adapter {
  const { config, base } = adapters[0];
  return { name: mixtureName(adapters, name), config, base, tensors, ...(seed !== undefined && { seed }) };
}

/** Σ cᵢθᵢ tensor by tensor; with `negateB` LoRA's A takes |c|, so that a negative coefficient negates B·A. */
export function averageTensors(
  adapters: readonly Adapter[],
  coefficients: Coefficients,
  negateB: boolean = false,
): NamedTensorData {
  const positive = { values: coefficients.values.map(Math.abs), divisor: Math.abs(coefficients.divisor) };
  return Object.fromEntries(
    Object.entries(adapters[0].tensors).map(([name, { shape }]) => {
      const terms = adapters.map(({ tensors }) => tensors[name].data as Numbers);
      const sum = weightedSum(terms, negateB && name.endsWith(".A") ? positive : coefficients);
      return [name, float32(shape.slice(), new Float32Array(sum))];
    }),
  );
}

/** A mean of adapters of one start is that start plus the mean change, so it keeps the seed. */
export function keptSeed(adapters: readonly Adapter[], coefficients: Coefficients): Adapter["seed"] {
  const sum = coefficients.values.reduce((total, coefficient) => total + coefficient, 0) / coefficients.divisor;
  return Math.abs(sum - 1) < 1e-12 && sharedInitialisation(adapters) ? adapters[0].seed : undefined;
}
