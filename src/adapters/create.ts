import type { Encoder } from "../encoder/encoder.js";
import type { LayerHooks } from "../encoder/hooks.js";
import { createRandom, type Random } from "../engine/random.js";
import { float32, type NamedTensorData, type NamedTensors, sizeOf } from "../engine/tensor-data.js";
import { formatBytes, MOST_ADAPTER_NUMBERS, MOST_LAYERS } from "../files/budget.js";
import { shown } from "../files/shown.js";
import type { Adapter, AdapterBase, AdapterConfig, AdapterMethod, BottleneckConfig, LoraConfig } from "./adapter.js";
import { placeOf } from "./adapter.js";
import { bottleneckHooks, bottleneckShapes } from "./bottleneck.js";
import { loraHooks, loraShapes } from "./lora.js";

/** AdapterHub's `double_seq_bn`: a bottleneck after attention and one after feed-forward. */
export const houlsbyDefaults: BottleneckConfig = {
  method: "houlsby",
  reductionFactor: 16,
  activation: "swish",
  afterAttention: true,
  afterFeedForward: true,
  originalNormBefore: false,
  originalNormAfter: true,
  residualBeforeNorm: true,
  scaling: 1,
  leaveOut: [],
  initialisation: "bert",
};

/** AdapterHub's `seq_bn`: one bottleneck after feed-forward, on normalised states. */
export const pfeifferDefaults: BottleneckConfig = {
  ...houlsbyDefaults,
  method: "pfeiffer",
  activation: "relu",
  afterAttention: false,
  originalNormBefore: true,
};

/** AdapterHub's `lora`: query and value, rank 8, alpha 8. */
export const loraDefaults: LoraConfig = {
  method: "lora",
  rank: 8,
  alpha: 8,
  rankStabilised: false,
  targets: ["query", "value"],
  leaveOut: [],
};

/** What `createAdapter` takes: the method, and whatever differs from its defaults. */
export type AdapterOptions = { seed: string | number; name?: string } & (
  | ({ method: "houlsby" | "pfeiffer" } & Partial<Omit<BottleneckConfig, "method">>)
  | ({ method: "lora" } & Partial<Omit<LoraConfig, "method">>)
);

/**
 * A new adapter for an encoder, initialised from a seed. Each tensor draws from a stream of its own, named after it, so
 * equal seeds give equal starts whatever else is trained.
 *
 * @throws if an option does not fit the method or the encoder
 */
export function createAdapter(encoder: Encoder, options: AdapterOptions): Adapter {
  const { seed, name, ...given } = options;
  const config = adapterConfig(given);
  const base = baseOf(encoder);
  const tensors = initialise(config, base, seed);
  if (Object.keys(tensors).length === 0) {
    throw new Error("The options leave no layer for the adapter; shorten leaveOut or name where it goes.");
  }
  return { name: name ?? config.method, config, base, tensors, seed };
}

/** A complete configuration from a method and what differs from its defaults. */
export function adapterConfig(
  given: { method: AdapterMethod } & Partial<Omit<BottleneckConfig, "method"> & Omit<LoraConfig, "method">>,
): AdapterConfig {
  const all = { houlsby: houlsbyDefaults, pfeiffer: pfeifferDefaults, lora: loraDefaults };
  const defaults = Object.hasOwn(all, given?.method) ? all[given.method] : undefined;
  if (!defaults) throw new Error(`"${shown(given?.method)}" is no adapter method; choose houlsby, pfeiffer or lora.`);
  const options = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [option] of options) {
    if (!Object.hasOwn(defaults, option)) {
      throw new Error(
        `"${shown(option)}" is no option of ${given.method}; it has ${Object.keys(defaults).join(", ")}.`,
      );
    }
  }
  const config = { ...defaults, ...Object.fromEntries(options) } as AdapterConfig;
  checkConfig(config);
  return config;
}

const ACTIVATIONS = ["swish", "relu", "gelu", "tanh"];

/** @throws naming the first option whose value is none that it can have */
function checkConfig(config: AdapterConfig): void {
  const refuse = (option: string, value: unknown, needed: string): never => {
    throw new Error(
      `The adapter's option ${option} is ${shown(JSON.stringify(value) ?? value)}; it must be ${needed}.`,
    );
  };
  const { leaveOut } = config;
  const isLayer = (layer: unknown) =>
    Number.isInteger(layer) && (layer as number) >= 0 && (layer as number) < MOST_LAYERS;
  if (!Array.isArray(leaveOut) || leaveOut.length > MOST_LAYERS || !leaveOut.every(isLayer)) {
    refuse("leaveOut", leaveOut, `a list of layers from 0, below ${MOST_LAYERS}`);
  }
  if (config.method === "lora") {
    if (!(Number.isSafeInteger(config.rank) && config.rank >= 1)) {
      throw new Error(`LoRA's rank is a whole number ≥ 1, not ${shown(config.rank)}.`);
    }
    if (!Number.isFinite(config.alpha)) refuse("alpha", config.alpha, "a finite number");
    const known = ["query", "key", "value", "attentionOutput", "intermediate", "output"];
    if (!Array.isArray(config.targets)) refuse("targets", config.targets, `a list of ${known.join(", ")}`);
    const unknown = config.targets.find((target) => !known.includes(target));
    if (unknown !== undefined)
      throw new Error(`"${shown(unknown)}" is no matrix of an encoder layer; LoRA's targets are ${known.join(", ")}.`);
    if (new Set(config.targets).size < config.targets.length) refuse("targets", config.targets, "without repetition");
    return;
  }
  if (!(config.reductionFactor > 0 && config.reductionFactor < Number.POSITIVE_INFINITY)) {
    throw new Error(`The reduction factor is a finite number above 0, not ${shown(config.reductionFactor)}.`);
  }
  if (!Number.isFinite(config.scaling)) refuse("scaling", config.scaling, "a finite number");
  if (!ACTIVATIONS.includes(config.activation)) refuse("activation", config.activation, ACTIVATIONS.join(", "));
}

/** The shape of an encoder, which an adapter made for it carries along. */
export function baseOf(encoder: Pick<Encoder, "config" | "name">): AdapterBase {
  const { family, hiddenSize, intermediateSize, layers } = encoder.config;
  return { family, hiddenSize, intermediateSize, layers, encoder: encoder.name };
}

/**
 * Names and shapes of the tensors that a configuration asks for on an encoder of this shape.
 *
 * @throws if that is more than an adapter may have, before anything of that size is made
 */
export function adapterShapes(config: AdapterConfig, base: AdapterBase): Record<string, number[]> {
  checkBase(base);
  const shapes = config.method === "lora" ? loraShapes(config, base) : bottleneckShapes(config, base);
  const numbers = Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);
  if (!(numbers <= MOST_ADAPTER_NUMBERS)) {
    const asked = config.method === "lora" ? `rank ${config.rank}` : `reduction factor ${config.reductionFactor}`;
    throw new Error(
      `An adapter of ${asked} on ${base.layers} layers of width ${base.hiddenSize} would take ${formatBytes(4 * numbers)}; ` +
        `the limit is ${formatBytes(4 * MOST_ADAPTER_NUMBERS)}.`,
    );
  }
  return shapes;
}

/** Widest encoder that an adapter may be for; the widest that are published have 25,600. */
const MOST_WIDTH = 65_536;

function checkBase({ layers, hiddenSize, intermediateSize = 1 }: AdapterBase): void {
  if (!(Number.isInteger(layers) && layers >= 1 && layers <= MOST_LAYERS)) {
    throw new Error(`An encoder has 1 to ${MOST_LAYERS} layers, not ${shown(layers)}.`);
  }
  for (const width of [hiddenSize, intermediateSize]) {
    if (!(Number.isInteger(width) && width >= 1 && width <= MOST_WIDTH)) {
      throw new Error(`An encoder is 1 to ${MOST_WIDTH} wide, not ${shown(width)}.`);
    }
  }
}

/** The hooks that run an adapter of this configuration over the given tensors. */
export function hooksOf(adapter: Adapter | AdapterConfig, tensors: NamedTensors): LayerHooks {
  const config = "config" in adapter ? adapter.config : adapter;
  return config.method === "lora" ? loraHooks(config, tensors) : bottleneckHooks(config, tensors);
}

/**
 * The tensors an adapter started from, rebuilt from its seed.
 *
 * @throws if the seed is unknown, as it is for adapters from elsewhere
 */
export function initialTensors(adapter: Adapter): NamedTensorData {
  if (adapter.seed === undefined) {
    throw new Error(`The start of adapter "${adapter.name}" is unknown: it carries no seed. Treat its weights raw.`);
  }
  return initialise(adapter.config, adapter.base, adapter.seed);
}

function initialise(config: AdapterConfig, base: AdapterBase, seed: string | number): NamedTensorData {
  const random = createRandom(seed);
  const fill = (name: string, shape: number[]) => {
    const { part } = placeOf(name);
    const data = new Float32Array(sizeOf(shape));
    if (part.endsWith("bias") || part === "B") return data;
    const draw = weightDraw(config, shape, random.fork(name));
    return data.map(draw);
  };
  const shapes = Object.entries(adapterShapes(config, base));
  return Object.fromEntries(shapes.map(([name, shape]) => [name, float32(shape, fill(name, shape))]));
}

/** The distribution of one initial weight. */
function weightDraw(config: AdapterConfig, shape: number[], random: Random): () => number {
  if (config.method === "lora") {
    const bound = 1 / Math.sqrt(shape[1]); // Kaiming-uniform with slope √5: U(−1/√in, 1/√in)
    return () => bound * (2 * random.uniform() - 1);
  }
  if (config.initialisation === "bert") return () => 0.02 * random.normal(); // N(0, 0.02²)
  return () => {
    // Houlsby et al. (2019), section 2.1: N(0, 10⁻⁴) cut at two standard deviations.
    let value = random.normal();
    while (Math.abs(value) > 2) value = random.normal();
    return 0.01 * value;
  };
}
