import { join } from "node:path";
import type { HeadConfig } from "../encoder/heads.js";
import { under } from "../encoder/heads.js";
import { writeJsonAtomic } from "../files/atomic.js";
import { Budget } from "../files/budget.js";
import { isObject, readJsonObject } from "../files/json.js";
import { readSafetensors, writeSafetensors } from "../files/safetensors.js";
import { quoted } from "../files/shown.js";
import { type Adapter, adapterHash } from "./adapter.js";
import type { AdapterBase } from "./base.js";
import { adapterConfig } from "./create.js";
import { type ImportedAdapter, requireTensors } from "./fit.js";
import { type Head, whyNotWhole } from "./head.js";
import type { AdapterConfig } from "./methods.js";

export const SIGNMIX_CONFIG = "signmix_adapter.json";
const WEIGHTS = "signmix_adapter.safetensors";

/** What `signmix_adapter.json` holds. */
interface SignmixFile {
  format: "signmix adapter 1";
  name: string;
  config: AdapterConfig;
  base: AdapterBase;
  seed?: string | number;
  hash: string;
  head?: { name: string; config: HeadConfig; labels: string[]; seed?: string | number };
}

/**
 * Reads an adapter in signmix's own form, with its seed and head.
 *
 * @throws if the numbers are not those that the hash was taken of
 */
export function importSignmix(folder: string): ImportedAdapter {
  const json = checkFile(readJsonObject(join(folder, SIGNMIX_CONFIG)), folder);
  const { name, base, seed } = json;
  const config = adapterConfig(json.config); // options that the file lacks have their defaults
  const file = readSafetensors(join(folder, WEIGHTS), { budget: new Budget("adapter") }).tensors;
  const adapter: Adapter = { name, config, base, tensors: under(file, "adapter"), ...(seed !== undefined && { seed }) };
  requireTensors(adapter.tensors, config, base, `"${folder}"`);
  if (adapterHash({ ...adapter, config: json.config }) !== json.hash) {
    throw new Error(`The adapter in "${folder}" is not the one its hash was taken of; copy or train it again.`);
  }
  const head: Head | undefined = json.head && { ...json.head, tensors: under(file, "head") };
  const why = head && whyNotWhole(head.tensors, head.config, base.hiddenSize);
  if (why) throw new Error(`The head in "${folder}" ${why}; copy or train it again.`);
  return { adapter, ...(head && { head }), notes: [] };
}

/** The file's fields, of the types that they must have. */
function checkFile(json: Record<string, unknown>, folder: string): SignmixFile {
  const where = `"${join(folder, SIGNMIX_CONFIG)}"`;
  if (json.format !== "signmix adapter 1") throw new Error(`${where} has the unknown format ${quoted(json.format)}.`);
  const { name, config, base, seed, head } = json;
  if (typeof name !== "string" || !isObject(config) || !isObject(base) || typeof base.family !== "string") {
    throw new Error(`${where} lacks the name, config or base of an adapter; copy or train it again.`);
  }
  if (seed !== undefined && typeof seed !== "string" && typeof seed !== "number") {
    throw new Error(`The seed in ${where} is neither a text nor a number.`);
  }
  if (head !== undefined && !isHeadFile(head)) {
    throw new Error(`The head in ${where} lacks its name, config or labels; copy or train it again.`);
  }
  return json as unknown as SignmixFile;
}

function isHeadFile(head: unknown): boolean {
  return (
    isObject(head) &&
    typeof head.name === "string" &&
    isObject(head.config) &&
    Array.isArray(head.labels) &&
    head.labels.every((label) => typeof label === "string")
  );
}

/** Writes an adapter in signmix's own form: a JSON file, and safetensors named `adapter.…` and `head.…`. */
export function exportSignmix(adapter: Adapter, folder: string, options: { head?: Head }): void {
  const { name, config, base, seed, tensors } = adapter;
  const { head } = options;
  const named = (prefix: string, values: Adapter["tensors"]) =>
    Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value]);
  const all = [...named("adapter", tensors), ...named("head", head?.tensors ?? {})];
  writeSafetensors(join(folder, WEIGHTS), Object.fromEntries(all));
  const file: SignmixFile = {
    format: "signmix adapter 1",
    name,
    config,
    base,
    ...(seed !== undefined && { seed }),
    hash: adapterHash(adapter),
    ...(head && {
      head: {
        name: head.name,
        config: head.config,
        labels: head.labels,
        ...(head.seed !== undefined && { seed: head.seed }),
      },
    }),
  };
  writeJsonAtomic(join(folder, SIGNMIX_CONFIG), file);
}
