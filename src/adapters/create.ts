import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import type { LayerHooks } from "../encoder/hooks.js";
import { createRandom } from "../engine/random.js";
import { float32, type NamedTensorData, type NamedTensors, sizeOf } from "../engine/tensor-data.js";
import { formatBytes, MOST_ADAPTER_NUMBERS, MOST_LAYERS } from "../files/budget.js";
import { requireOptions } from "../files/options.js";
import { shown, shownValue } from "../files/shown.js";
import { type Adapter, requireAdapter } from "./adapter.js";
import type { AdapterBase } from "./base.js";
import { type AdapterConfig, type MethodOptions, methodOf, methods } from "./methods.js";
import { placeOf } from "./place.js";

/** What `createAdapter` takes: the method, and whatever differs from its defaults. */
export type AdapterOptions = { seed: string | number; name?: string } & MethodOptions;

/**
 * A new adapter for an encoder, initialised from a seed. Each tensor draws from a stream of its own, named after it, so
 * equal seeds give equal starts whatever else is trained.
 *
 * @throws if an option does not fit the method or the encoder
 */
export function createAdapter(encoder: Encoder, options: AdapterOptions): Adapter {
  requireEncoder(encoder, "createAdapter");
  requireOptions(options, "createAdapter", "method");
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
export function adapterConfig(given: MethodOptions): AdapterConfig {
  requireOptions(given, "adapterConfig", "method");
  const defaults = Object.hasOwn(methods, given?.method) ? methods[given.method].defaults : undefined;
  if (!defaults) {
    throw new Error(
      `${given.method === undefined ? "The method is missing" : `${shownValue(given.method)} is no adapter method`}; choose ${Object.keys(methods).join(", ")}.`,
    );
  }
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
  methodOf(config).check(config, refuse);
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
  const method = methodOf(config);
  const shapes = method.shapes(config, base);
  const numbers = Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);
  if (!(numbers <= MOST_ADAPTER_NUMBERS)) {
    throw new Error(
      `An adapter of ${method.size(config)} on ${base.layers} layers of width ${base.hiddenSize} would take ${formatBytes(4 * numbers)}; ` +
        `the limit is ${formatBytes(4 * MOST_ADAPTER_NUMBERS)}.`,
    );
  }
  return shapes;
}

/** Widest encoder that an adapter may be for; the widest that are published have 25,600. */
const MOST_WIDTH = 65_536;

const found = (value: unknown) => (value === undefined ? "and the adapter's base states none" : `not ${shown(value)}`);

function checkBase({ layers, hiddenSize, intermediateSize = 1 }: AdapterBase): void {
  if (!(Number.isInteger(layers) && layers >= 1 && layers <= MOST_LAYERS)) {
    throw new Error(`An encoder has 1 to ${MOST_LAYERS} layers, ${found(layers)}.`);
  }
  for (const width of [hiddenSize, intermediateSize]) {
    if (!(Number.isInteger(width) && width >= 1 && width <= MOST_WIDTH)) {
      throw new Error(`An encoder is 1 to ${MOST_WIDTH} wide, ${found(width)}.`);
    }
  }
}

/** The hooks that run an adapter of this configuration over the given tensors. */
export function hooksOf(adapter: Adapter | AdapterConfig, tensors: NamedTensors): LayerHooks {
  const config = "config" in adapter ? adapter.config : adapter;
  return methodOf(config).hooks(config, tensors);
}

/**
 * The tensors an adapter started from, rebuilt from its seed.
 *
 * @throws if the seed is unknown, as it is for adapters from elsewhere
 */
export function initialTensors(adapter: Adapter): NamedTensorData {
  requireAdapter(adapter, "initialTensors");
  if (adapter.seed === undefined) {
    throw new Error(`The start of adapter "${adapter.name}" is unknown: it carries no seed. Treat its weights raw.`);
  }
  return initialise(adapter.config, adapter.base, adapter.seed);
}

function initialise(config: AdapterConfig, base: AdapterBase, seed: string | number): NamedTensorData {
  const random = createRandom(seed);
  const method = methodOf(config);
  const fill = (name: string, shape: number[]) => {
    const data = new Float32Array(sizeOf(shape));
    const draw = method.draw(config, placeOf(name).part, shape, random.fork(name));
    return draw ? data.map(draw) : data;
  };
  const shapes = Object.entries(adapterShapes(config, base));
  return Object.fromEntries(shapes.map(([name, shape]) => [name, float32(shape, fill(name, shape))]));
}
