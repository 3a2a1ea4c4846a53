import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Encoder } from "../encoder/encoder.js";
import { requireText } from "../files/arguments.js";
import { readJsonObject } from "../files/json.js";
import { checkOptions } from "../files/options.js";
import { shownValue } from "../files/shown.js";
import { type Adapter, requireAdapter } from "./adapter.js";
import { exportAdapterHub, importAdapterHub, isAdapterHubConfig } from "./adapterhub.js";
import { completed, type ImportedAdapter, requireFit } from "./fit.js";
import type { Head } from "./head.js";
import { exportPeft, importPeft, isPeftConfig } from "./peft.js";
import { exportSignmix, importSignmix, SIGNMIX_CONFIG } from "./signmix-folder.js";
import type { WeightsStorage } from "./weights-file.js";

/** The folder layouts that signmix reads and writes. */
export type AdapterFormat = "adapterhub" | "peft" | "signmix";

/**
 * Reads an adapter from a folder that AdapterHub, PEFT or signmix wrote; which one, the folder's files tell.
 *
 * @param options.encoder the encoder it is for; the adapter is refused if it was made for another
 * @returns the adapter, the head saved with it, and notes on what was left out or read in a special way
 * @throws naming the option, tensor or property that does not fit
 */
export function importAdapter(folder: string, options: { encoder?: Encoder } = {}): ImportedAdapter {
  requireText(folder, "importAdapter takes the path of a folder");
  checkOptions(options, { encoder: true }, "importAdapter");
  const found = named(folder, () => readFolder(folder));
  if (!options.encoder) return found;
  requireFit(found.adapter, options.encoder);
  requireSameName(found.adapter, options.encoder);
  return { ...found, adapter: completed(found.adapter, options.encoder) };
}

/** Which library wrote an adapter's folder. */
export function adapterFormat(folder: string): AdapterFormat {
  requireText(folder, "adapterFormat takes the path of a folder");
  if (existsSync(join(folder, SIGNMIX_CONFIG))) return "signmix";
  const path = join(folder, "adapter_config.json");
  if (!existsSync(folder)) throw new Error(`There is no folder "${folder}".`);
  if (!existsSync(path)) {
    throw new Error(`"${folder}" holds no adapter: it has neither adapter_config.json nor ${SIGNMIX_CONFIG}.`);
  }
  const json = readJsonObject(path);
  if (isPeftConfig(json)) return "peft";
  if (isAdapterHubConfig(json)) return "adapterhub";
  throw new Error(`"${path}" is neither AdapterHub's nor PEFT's.`);
}

/** Runs `read`; its failures name the folder. */
function named<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { message } = error as Error;
    if (message.includes(folder)) throw error;
    throw new Error(`"${folder}": ${message}`, { cause: error });
  }
}

function readFolder(folder: string): ImportedAdapter {
  const format = adapterFormat(folder);
  if (format === "signmix") return importSignmix(folder);
  return format === "peft" ? importPeft(folder, basename(resolve(folder))) : importAdapterHub(folder);
}

function requireSameName(adapter: Adapter, encoder: Encoder): void {
  const last = (name: string) => name.split(/[/\\]/).filter(Boolean).pop()?.toLowerCase();
  const made = adapter.base.encoder;
  if (made && last(made) !== last(encoder.name)) {
    throw new Error(
      `Adapter "${adapter.name}" was made for the encoder "${made}", not "${encoder.name}". ` +
        `If they are the same, load the encoder with the name "${made}".`,
    );
  }
}

/**
 * Writes an adapter to a folder in the layout of AdapterHub, PEFT (LoRA only) or signmix.
 *
 * @param options.head written beside it, where the layout has a place for its kind
 * @param options.storage for AdapterHub and PEFT; by default what the library itself writes
 * @throws naming what the format cannot hold
 */
export function exportAdapter(
  adapter: Adapter,
  folder: string,
  format: AdapterFormat,
  options: { head?: Head; storage?: WeightsStorage } = {},
): void {
  requireAdapter(adapter, "exportAdapter");
  requireText(folder, "exportAdapter takes the path of a folder, second");
  checkOptions(options, { head: true, storage: true }, "exportAdapter");
  const { head, storage } = options;
  if (storage !== undefined && storage !== "safetensors" && storage !== "bin") {
    throw new Error(`"${storage}" is no storage of weights; choose safetensors or bin.`);
  }
  if (format === "signmix") exportSignmix(adapter, folder, { head });
  else if (format === "peft") exportPeft(adapter, folder, { head, storage: storage ?? "safetensors" });
  else if (format === "adapterhub") exportAdapterHub(adapter, folder, { head, storage: storage ?? "bin" });
  else throw new Error(`${shownValue(format ?? "")} is no adapter format; choose adapterhub, peft or signmix.`);
}
