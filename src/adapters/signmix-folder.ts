import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HeadConfig } from "../encoder/heads.js";
import { under } from "../encoder/heads.js";
import { writeJsonAtomic } from "../files/atomic.js";
import { readSafetensors, writeSafetensors } from "../files/safetensors.js";
import { type Adapter, type AdapterBase, type AdapterConfig, adapterHash } from "./adapter.js";
import { type ImportedAdapter, requireTensors } from "./fit.js";
import type { Head } from "./head.js";

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
  const json = JSON.parse(readFileSync(join(folder, SIGNMIX_CONFIG), "utf8")) as SignmixFile;
  if (json.format !== "signmix adapter 1") throw new Error(`"${folder}" has the unknown format "${json.format}".`);
  const file = readSafetensors(join(folder, WEIGHTS)).tensors;
  const { name, config, base, seed } = json;
  const adapter: Adapter = { name, config, base, tensors: under(file, "adapter"), ...(seed !== undefined && { seed }) };
  requireTensors(adapter.tensors, config, base, `"${folder}"`);
  if (adapterHash(adapter) !== json.hash) {
    throw new Error(`The adapter in "${folder}" is not the one its hash was taken of; copy or train it again.`);
  }
  const head: Head | undefined = json.head && { ...json.head, tensors: under(file, "head") };
  return { adapter, ...(head && { head }), notes: [] };
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
