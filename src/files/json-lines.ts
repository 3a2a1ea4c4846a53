import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
} from "node:fs";
import { dirname } from "node:path";
import { parseJson } from "./json.js";
import { jsonText } from "./json-text.js";

const NEWLINE = 0x0a;

/**
 * Appends values to a JSON-lines file, which is made if missing, in one write, so that a killed run can tear no line
 * but the last. A torn last line of an earlier run is cut off first.
 */
export function appendJsonLines(path: string, ...values: unknown[]): void {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) cutTornLine(path);
  appendFileSync(path, values.map((value) => `${jsonText(value)}\n`).join(""));
}

/**
 * The values of a JSON-lines file; [] if it does not exist. A last line without its newline was torn by a killed run
 * and is left out.
 *
 * @throws naming the line, if a whole line is not JSON
 */
export function readJsonLines<T = unknown>(path: string): T[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const lines = bytes.toString("utf8", 0, bytes.lastIndexOf(NEWLINE) + 1).split("\n");
  return lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    try {
      return [parseJson(line, "the line") as T];
    } catch (error) {
      const { message } = (error as Error).cause as Error;
      throw new Error(`Line ${i + 1} of "${path}" is not JSON (${message}); remove it or the file.`);
    }
  });
}

function cutTornLine(path: string): void {
  if (endsInNewline(path)) return;
  truncateSync(path, readFileSync(path).lastIndexOf(NEWLINE) + 1);
}

function endsInNewline(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const last = new Uint8Array(1);
    return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === NEWLINE);
  } finally {
    closeSync(file);
  }
}
