import { basename, resolve } from "node:path";
import type { Adapter } from "../../adapters/adapter.js";
import type { ImportedAdapter } from "../../adapters/fit.js";
import { type AdapterFormat, adapterFormat, importAdapter } from "../../adapters/folder.js";
import { type CommandOutput, UsageError } from "../command.js";

/** An adapter's folder, read. */
export interface AdapterFolder extends ImportedAdapter {
  folder: string;
  format: AdapterFormat;
}

/**
 * Reads adapters from folders, telling progress on standard error. Each is called by its folder's name, which the reader
 * has typed; where two folders share a name, by the path as typed.
 */
export function readAdapters(folders: readonly string[], least: number, output: CommandOutput): AdapterFolder[] {
  if (folders.length < least) {
    throw new UsageError(least === 1 ? "Name an adapter's folder." : `Name at least ${least} adapter folders.`);
  }
  const names = folders.map((folder) => basename(resolve(folder)));
  return folders.map((folder, i) => {
    output.err(`reading ${i + 1} of ${folders.length}: ${folder}\n`);
    const found = importAdapter(folder);
    const name = names.filter((other) => other === names[i]).length > 1 ? folder : names[i];
    return { ...found, adapter: { ...found.adapter, name }, folder, format: adapterFormat(folder) };
  });
}

/** Sentences on what a command leaves aside: heads, and whatever the reader of the folder remarked. */
export function leftOut(adapters: readonly AdapterFolder[]): string[] {
  const heads = adapters.filter(({ head }) => head).map(({ adapter }) => adapter.name);
  const remarks = adapters.flatMap(({ adapter, notes }) => notes.map((note) => `${adapter.name}: ${note}`));
  return heads.length === 0
    ? remarks
    : [`Heads are left out (${heads.join(", ")}); only the adapters' weights count.`, ...remarks];
}

/** What an adapter is, in a few words. */
export function describeConfig({ config }: Adapter): string {
  if (config.method === "lora") {
    const scale = config.rankStabilised ? ", rank-stabilised" : "";
    return `lora, rank ${config.rank}, alpha ${config.alpha}${scale}, on ${config.targets.join(", ")}`;
  }
  return `${config.method}, reduction ${config.reductionFactor}, ${config.activation}`;
}
