import { existsSync, lstatSync, readdirSync } from "node:fs";
import { jsonText } from "../files/json-text.js";
import { nearestName } from "../files/options.js";

/** Where a command writes: results to `out`, progress and remarks to `err`. */
export interface CommandOutput {
  out(text: string): void;
  err(text: string): void;
  /** What is being done now: one line, without its end, to `err`. */
  progress(text: string): void;
  /** Columns of the terminal; lines are kept within them where they can be. */
  width: number;
}

/** One command of `signmix`. */
export interface Command {
  /** The whole help text. */
  help: string;
  /** Does the work and returns the exit code, 0 if nothing. An error ends with exit code 1, a `UsageError` with 2. */
  run(args: string[], output: CommandOutput): Promise<number | undefined>;
}

/** A command was called in a way it does not understand. */
export class UsageError extends Error {}

/** What `--json` prints: numbers that are not defined, such as a share of nothing, are null. */
export function jsonOutput(value: unknown): string {
  const undefinedAsNull = (_: string, item: unknown) => {
    if (item === Number.POSITIVE_INFINITY || item === Number.NEGATIVE_INFINITY)
      throw new Error("A result is infinite.");
    return Number.isNaN(item) ? null : item;
  };
  return `${jsonText(JSON.parse(JSON.stringify(value, undefinedAsNull)), 2)}\n`;
}

/** Refuses to write into a folder that holds something already, such as an adapter that was just read. */
export function requireNewFolder(folder: string, force = false): void {
  if (force || !isThere(folder)) return;
  const isFolder = lstatSync(folder).isDirectory();
  if (isFolder && readdirSync(folder).length === 0) return;
  const remedy = isFolder ? "name a new folder, empty that one, or say --force" : "name a new folder";
  throw new Error(`There is something at "${folder}" already; ${remedy}.`);
}

/** Refuses to write over a file. */
export function requireNewFile(file: string, option: string, force = false): void {
  if (force || !isThere(file)) return;
  throw new Error(`There is something at "${file}" already; name a new file for ${option}, or say --force.`);
}

function isThere(path: string): boolean {
  return existsSync(path) || lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A number given as an option. */
export function numberOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new UsageError(`--${name} takes a number, not "${text}".`);
  return value;
}

/** Most that an option may count: steps, rows of a batch, megabytes; and most processes or machines. */
const MOST_COUNTED = 1_000_000;
export const MOST_PROCESSES = 1024;
const MOST_MINUTES = 35_000;

/** A whole number from `least` to `most` given as an option. */
export function countOption(
  name: string,
  text: string | undefined,
  { least = 1, most = MOST_COUNTED }: { least?: number; most?: number } = {},
): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
  const limit = /^\d+$/.test(text) && Number(text) > most ? ` and at most ${most}` : "";
  throw new UsageError(`--${name} takes a whole number, ${least} or more${limit}, not "${text}".`);
}

/** A number of minutes given as an option. Above some 35,791 a timer's milliseconds overflow, and it would end at once. */
export function minutesOption(name: string, text: string | undefined): number | undefined {
  const minutes = numberOption(name, text);
  if (minutes === undefined || (minutes > 0 && minutes <= MOST_MINUTES)) return minutes;
  throw new UsageError(`--${name} takes a number of minutes above 0, at most ${MOST_MINUTES}, not "${text}".`);
}

/** One of a list of words given as an option. */
export function wordOption<T extends string>(
  name: string,
  text: string | undefined,
  words: readonly T[],
): T | undefined {
  if (text === undefined || words.includes(text as T)) return text as T | undefined;
  const near = nearestName(text, words);
  throw new UsageError(
    `--${name} is one of ${words.join(", ")}, not "${text}"${near === undefined ? "" : `; the nearest is "${near}"`}.`,
  );
}
