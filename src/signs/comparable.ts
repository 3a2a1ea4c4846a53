import { type Adapter, requireAdapter } from "../adapters/adapter.js";
import { fieldsAgree } from "../adapters/fit.js";
import { placeOf } from "../adapters/place.js";
import { requireOptions } from "../files/options.js";

/** What two adapters may differ in and still be put side by side. */
export interface ComparableOptions {
  /** LoRA: rank and alpha may differ, as where only the products B·A are used. */
  anyRank?: boolean;
  /** The encoders' names may differ, as where one encoder is known under two names. Its shape must still be equal. */
  anyEncoder?: boolean;
}

const RANK_FIELDS = new Set(["rank", "alpha", "rankStabilised"]);
const SHAPE_FIELDS = ["family", "hiddenSize", "intermediateSize", "layers"] as const;

/**
 * Why two adapters cannot be compared or mixed weight by weight, in one sentence that names the difference;
 * undefined where they can. The way they were initialised does not count: it does not change what they compute.
 */
export function whyNotComparable(a: Adapter, b: Adapter, options: ComparableOptions = {}): string | undefined {
  for (const one of [a, b]) requireAdapter(one, "whyNotComparable");
  requireOptions(options, "whyNotComparable", "anyEncoder");
  const differ = (what: string, left: unknown, right: unknown) =>
    `"${a.name}" and "${b.name}" differ in ${what}: ${JSON.stringify(left)} against ${JSON.stringify(right)}.`;
  if (a.config.method !== b.config.method) return differ("method", a.config.method, b.config.method);
  const left: Record<string, unknown> = { ...a.config };
  const right: Record<string, unknown> = { ...b.config };
  for (const field of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (field === "initialisation" || field === "leaveOut" || (options.anyRank && RANK_FIELDS.has(field))) continue;
    if (settingText(left[field]) === settingText(right[field])) continue;
    const remedy = RANK_FIELDS.has(field) ? " Their products B·A go together all the same (space: product)." : "";
    return differ(field, left[field], right[field]) + remedy;
  }
  for (const field of SHAPE_FIELDS) {
    if (!fieldsAgree(field, a.base, b.base)) return differ(`the encoder's ${field}`, a.base[field], b.base[field]);
  }
  const [layersOfA, layersOfB] = [layersIn(a), layersIn(b)];
  if (String(layersOfA) !== String(layersOfB)) return differ("the layers that they change", layersOfA, layersOfB);
  const [one, other] = [a.base.encoder, b.base.encoder];
  if (!options.anyEncoder && one && other && lastPart(one) !== lastPart(other)) {
    return `${differ("encoder", one, other)} If both names mean one encoder, allow it (any-encoder, or anyEncoder).`;
  }
  return whyShapesDiffer(a, b, options);
}

/** Layers that the adapter has tensors in, in order; those beyond the ones it knows of are left out. */
function layersIn({ tensors }: Adapter): number[] {
  return [...new Set(Object.keys(tensors).map((name) => placeOf(name).layer))].sort((x, y) => x - y);
}

function whyShapesDiffer(a: Adapter, b: Adapter, options: ComparableOptions): string | undefined {
  for (const name of new Set([...Object.keys(a.tensors), ...Object.keys(b.tensors)])) {
    const [left, right] = [a.tensors[name]?.shape, b.tensors[name]?.shape];
    if (!left || !right) {
      const [has, lacks] = left ? [a, b] : [b, a];
      return `"${has.name}" has the tensor ${name}, "${lacks.name}" has not.`;
    }
    if (!(options.anyRank && a.config.method === "lora") && String(left) !== String(right)) {
      return `${name} is [${left}] in "${a.name}" and [${right}] in "${b.name}".`;
    }
  }
  return undefined;
}

/** "google-bert/bert-base-uncased" and a folder "models/bert-base-uncased" are taken for one encoder. */
function lastPart(encoder: string): string | undefined {
  return encoder.split(/[/\\]/).filter(Boolean).pop()?.toLowerCase();
}

/** The order of listed matrices and layers does not matter. */
function settingText(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.slice().sort() : value);
}

/**
 * Throws where any of `adapters` differs from the first, naming both and the difference.
 */
export function assertComparable(adapters: readonly Adapter[], options: ComparableOptions = {}): void {
  for (const other of adapters.slice(1)) {
    const why = whyNotComparable(adapters[0], other, options);
    if (why) throw new Error(`These adapters do not go together. ${why}`);
  }
}
