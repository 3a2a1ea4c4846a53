import type { Encoder } from "../encoder/encoder.js";
import type { LayerHooks } from "../encoder/hooks.js";
import { createRandom, type Random } from "../engine/random.js";
import { float32, type NamedTensorData, type NamedTensors, sizeOf } from "../engine/tensor-data.js";
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
  const defaults = { houlsby: houlsbyDefaults, pfeiffer: pfeifferDefaults, lora: loraDefaults }[given.method];
  if (!defaults) throw new Error(`"${given.method}" is no adapter method; choose houlsby, pfeiffer or lora.`);
  const options = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [option] of options) {
    if (!(option in defaults)) {
      throw new Error(`"${option}" is no option of ${given.method}; it has ${Object.keys(defaults).join(", ")}.`);
    }
  }
  const config = { ...defaults, ...Object.fromEntries(options) } as AdapterConfig;
  checkConfig(config);
  return config;
}

function checkConfig(config: AdapterConfig): void {
  if (config.method === "lora") {
    if (!(Number.isInteger(config.rank) && config.rank >= 1)) {
      throw new Error(`LoRA's rank is a whole number ≥ 1, not ${config.rank}.`);
    }
    const known = ["query", "key", "value", "attentionOutput", "intermediate", "output"];
    const unknown = config.targets.find((target) => !known.includes(target));
    if (unknown)
      throw new Error(`"${unknown}" is no matrix of an encoder layer; LoRA's targets are ${known.join(", ")}.`);
  } else if (!(config.reductionFactor > 0)) {
    throw new Error(`The reduction factor is a number above 0, not ${config.reductionFactor}.`);
  }
}

/** The shape of an encoder, which an adapter made for it carries along. */
export function baseOf(encoder: Pick<Encoder, "config" | "name">): AdapterBase {
  const { family, hiddenSize, intermediateSize, layers } = encoder.config;
  return { family, hiddenSize, intermediateSize, layers, encoder: encoder.name };
}

/** Names and shapes of the tensors that a configuration asks for on an encoder of this shape. */
export function adapterShapes(config: AdapterConfig, base: AdapterBase): Record<string, number[]> {
  return config.method === "lora" ? loraShapes(config, base) : bottleneckShapes(config, base);
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
