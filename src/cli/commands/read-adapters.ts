import { existsSync } from "node:fs";
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

/** A folder that could not be read, and why. */
export interface UnreadFolder {
  folder: string;
  why: string;
}

/**
 * Reads adapters from folders, telling progress on standard error. Each is called by its folder's name, which the reader
 * has typed; where two folders share a name, by the path as typed.
 *
 * @throws on the first folder that cannot be read
 */
export function readAdapters(folders: readonly string[], least: number, output: CommandOutput): AdapterFolder[] {
  const { found, unread } = readWhatCanBe(folders, least, output);
  if (unread.length > 0) throw new Error(unread.map(({ why }) => why).join("\n"));
  return found;
}

/** The same, but folders that cannot be read are returned apart. Fails where fewer than `least` can. */
export function readWhatCanBe(
  folders: readonly string[],
  least: number,
  output: CommandOutput,
): { found: AdapterFolder[]; unread: UnreadFolder[] } {
  if (folders.length < least) {
    throw new UsageError(least === 1 ? "Name an adapter's folder." : `Name at least ${least} adapter folders.`);
  }
  const names = folders.map((folder) => basename(resolve(folder)));
  const found: AdapterFolder[] = [];
  const unread: UnreadFolder[] = [];
  folders.forEach((folder, i) => {
    output.progress(`reading ${i + 1} of ${folders.length}: ${folder}`);
    try {
      if (!existsSync(folder)) throw new Error(`There is no folder "${folder}".`);
      const { adapter, ...rest } = importAdapter(folder);
      const name = names.filter((other) => other === names[i]).length > 1 ? folder : names[i];
      found.push({ ...rest, adapter: { ...adapter, name }, folder, format: adapterFormat(folder) });
    } catch (error) {
      unread.push({ folder, why: (error as Error).message });
    }
  });
  if (found.length < least) throw new Error(unread.map(({ why }) => why).join("\n"));
  return { found, unread };
}

/** How many heads that are left out are named. */
const MOST_HEADS = 4;

/** Sentences on what a command leaves aside: heads, and whatever the reader of the folder remarked. */
export function leftOut(adapters: readonly AdapterFolder[]): string[] {
  const heads = adapters.flatMap(({ adapter, head }) => (head ? `${adapter.name}, ${head.labels.length} classes` : []));
  const remarks = adapters.flatMap(({ adapter, notes }) => notes.map((note) => `${adapter.name}: ${note}`));
  if (heads.length === 0) return remarks;
  const which = heads.length > MOST_HEADS ? `of ${heads.length} adapters` : heads.join("; ");
  return [`Heads are left out (${which}).`, ...remarks];
}

/** What an adapter is, in a few words. */
export function describeConfig({ config, base }: Adapter): string {
  const without = config.leaveOut.length > 0 ? `, not in layers ${config.leaveOut.join(", ")}` : "";
  if (config.method === "lora") {
    const scale = config.rankStabilised ? ", rank-stabilised" : "";
    return `lora, rank ${config.rank}, alpha ${config.alpha}${scale}, on ${config.targets.join(", ")}${without}`;
  }
  const width = Math.max(1, Math.floor(base.hiddenSize / config.reductionFactor));
  return `${config.method}, reduction ${config.reductionFactor} (width ${width}), ${config.activation}${without}`;
}

/** The encoder an adapter was made for. */
export function describeBase({ base }: Adapter): string {
  return `${base.encoder ?? "not named"} (${base.saved?.modelType ?? base.family}, ${base.layers} layers${base.layersAtLeast ? " or more" : ""}, hidden ${base.hiddenSize})`;
}
