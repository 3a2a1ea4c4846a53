import type { Encoder } from "../encoder/encoder.js";
import type { HeadConfig } from "../encoder/heads.js";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { MOST_LAYERS } from "../files/budget.js";
import { shown } from "../files/shown.js";
import type { Adapter } from "./adapter.js";
import { type AdapterBase, EITHER_FAMILY } from "./base.js";
import { adapterShapes } from "./create.js";
import type { Head } from "./head.js";
import type { AdapterConfig } from "./methods.js";
import { placeOf } from "./place.js";

/** An adapter read from a folder. */
export interface ImportedAdapter {
  adapter: Adapter;
  /** The classification head saved with it. */
  head?: Head;
  /** What was left out, or read in a special way, in plain sentences. */
  notes: string[];
}

/**
 * Checks that an adapter was made for encoders of this shape.
 *
 * @throws naming what differs
 */
export function requireFit(adapter: Pick<Adapter, "name" | "base">, encoder: Pick<Encoder, "name" | "config">): void {
  const { base } = adapter;
  const differences = (["family", "hiddenSize", "intermediateSize", "layers"] as const)
    .filter((key) => !fieldsAgree(key, base, { ...encoder.config, family: encoder.config.family }))
    .map((key) => `${key} ${base[key]} against ${encoder.config[key]}`);
  if (differences.length > 0) {
    throw new Error(
      `Adapter "${adapter.name}" was made for another encoder than "${encoder.name}": ${differences.join(", ")}.`,
    );
  }
}

/** Whether two encoders agree in a field, as far as both are known: an imported adapter does not always tell. */
export function fieldsAgree(
  field: "family" | "hiddenSize" | "intermediateSize" | "layers",
  a: AdapterBase,
  b: AdapterBase,
): boolean {
  if (field === "layers") {
    return (
      a.layers === b.layers ||
      (a.layersAtLeast && a.layers < b.layers) ||
      (b.layersAtLeast && b.layers < a.layers) ||
      false
    );
  }
  const [left, right] = [a[field], b[field]];
  if (left === undefined || right === undefined || left === right) return true;
  const either = (one: unknown, other: unknown) => one === EITHER_FAMILY && (other === "bert" || other === "roberta");
  return either(left, right) || either(right, left);
}

/** The adapter with all that its encoder tells and its folder did not: family, layers, and which of them are left out. */
export function completed(adapter: Adapter, encoder: Pick<Encoder, "config">): Adapter {
  const { layersAtLeast, ...base } = adapter.base;
  const { family, layers, intermediateSize } = encoder.config;
  const more = Array.from({ length: layers - base.layers }, (_, i) => base.layers + i);
  const config = { ...adapter.config, leaveOut: [...adapter.config.leaveOut, ...more] };
  return { ...adapter, config, base: { ...base, family, layers, intermediateSize } };
}

/**
 * Checks that a classifier runs in what was compiled for one configuration of adapter and head.
 *
 * @param madeFor what was compiled, as errors call it, such as "the attack"
 * @throws if the adapter is of another encoder, or if it or the head is of another configuration
 */
export function requireKind(
  encoder: Encoder,
  plan: { adapter?: AdapterConfig; head: HeadConfig },
  { adapter, head }: { adapter?: Adapter; head: Head },
  madeFor: string,
): void {
  if (adapter) requireFit(adapter, encoder);
  // The initialisation does not run, so it may differ.
  const running = (config: object | undefined) => JSON.stringify({ ...config, initialisation: undefined });
  if (running(adapter?.config) !== running(plan.adapter)) {
    throw new Error(`The adapter "${adapter?.name}" is of another configuration than ${madeFor} was made for.`);
  }
  if (JSON.stringify(head.config) !== JSON.stringify(plan.head)) {
    throw new Error(`The head "${head.name}" is of another kind than ${madeFor} was made for.`);
  }
}

/**
 * Checks that tensors are exactly those that the configuration asks for on this base.
 *
 * @param whose what the error calls them, such as a file
 * @throws naming the first tensor that is missing, too many or of another shape
 */
export function requireTensors(
  tensors: NamedTensorData,
  config: AdapterConfig,
  base: AdapterBase,
  whose: string,
): void {
  const shapes = adapterShapes(config, base);
  for (const [name, shape] of Object.entries(shapes)) {
    if (!tensors[name])
      throw new Error(`${whose} lacks the tensor "${name}" [${shape}] that its configuration asks for.`);
    if (tensors[name].shape.join() !== shape.join()) {
      throw new Error(`${whose} has "${name}" in shape [${tensors[name].shape}]; its configuration asks [${shape}].`);
    }
  }
  const extra = Object.keys(tensors).find((name) => !Object.hasOwn(shapes, name));
  if (extra) throw new Error(`${whose} has a tensor "${shown(extra)}" that its configuration does not ask for.`);
}

/**
 * What an adapter's tensors tell of the encoder's shape.
 *
 * @param leaveOut layers that have no tensors but exist
 */
export function baseOfTensors(
  tensors: NamedTensorData,
  leaveOut: number[],
): Pick<AdapterBase, "hiddenSize" | "intermediateSize" | "layers"> {
  const places = Object.entries(tensors).map(([name, { shape }]) => ({ ...placeOf(name), shape }));
  const length = (part: string, axis: number, fits: (module: string) => boolean): number | undefined =>
    places.find((place) => place.part === part && fits(place.module))?.shape[axis];
  const hiddenSize =
    length("up.bias", 0, () => true) ?? // bottlenecks
    length("A", 1, (module) => module !== "output") ??
    length("B", 0, (module) => module === "output");
  if (!hiddenSize) throw new Error("The adapter has no tensors that tell the encoder's hidden size.");
  const intermediateSize =
    length("B", 0, (module) => module === "intermediate") ?? length("A", 1, (module) => module === "output");
  const layers =
    1 + [...places.map(({ layer }) => layer), ...leaveOut].reduce((most, layer) => Math.max(most, layer), 0);
  if (!(layers <= MOST_LAYERS)) {
    throw new Error(`The adapter speaks of layer ${layers - 1}; encoders of up to ${MOST_LAYERS} layers are read.`);
  }
  return { hiddenSize, layers, ...(intermediateSize !== undefined && { intermediateSize }) };
}
