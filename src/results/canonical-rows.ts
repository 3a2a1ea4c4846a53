import { hash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { canonicalJson } from "../files/hash.js";
import type { Row, Unit } from "./unit.js";

/** A stored result: the unit, its key and its row. */
export interface StoredResult {
  key: string;
  unit: Unit;
  row: Row;
}

/** A sound line of a canonical file: its key and its text, without the newline. */
export interface CanonicalLine {
  key: string;
  text: string;
}

/** A line that is longer than this many bytes is damaged: the longest row of a study has a thousandth of it. */
const longestLine = 1 << 26;
const pieceBytes = 1 << 20;
const NEWLINE = 0x0a;

/** A result as one line of a canonical file: JSON with sorted keys and a checksum of itself, without the newline. */
export function canonicalLine(result: StoredResult): CanonicalLine {
  const { key, unit, row } = result;
  const body = canonicalJson({ key, unit, row });
  return { key, text: `{"check":"${checksum(body)}",${body.slice(1)}` };
}

/** The result that a sound line holds. */
export function resultOf(text: string): StoredResult {
  const { key, unit, row } = JSON.parse(text) as StoredResult;
  return { key, unit, row };
}

/** A line of a file, or undefined where it cannot be read or its checksum is wrong. */
export function parseLine(text: string): CanonicalLine | undefined {
  // As it was written here, "check" is the first key and the checksum is of all that follows it.
  const written = text.match(/^\{"check":"([0-9a-f]{8})",("key":"([0-9a-f]{32})",.*\})$/s);
  if (written && checksum(`{${written[2]}`) === written[1]) return { key: written[3], text };
  try {
    const { check, ...result } = JSON.parse(text) as StoredResult & { check: string };
    const line = canonicalLine(result);
    const isSound = typeof result.key === "string" && check === checksum(canonicalJson(result));
    return isSound ? line : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The lines of a canonical file in its order, read piece by piece: undefined for one that is damaged, such as a last line
 * without its newline. Nothing where there is no file.
 *
 * @param onPiece is given the bytes as they are read
 */
export function* readLines(
  path: string,
  onPiece?: (bytes: Uint8Array) => void,
): Generator<CanonicalLine | undefined, void> {
  for (const text of textLines(path, onPiece)) yield text === undefined ? undefined : parseLine(text);
}

/** Lines as text; undefined for one that is too long or does not end. */
function* textLines(path: string, onPiece?: (bytes: Uint8Array) => void): Generator<string | undefined, void> {
  const file = openIfThere(path);
  if (file === undefined) return;
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    let begun: Buffer[] = [];
    let length = 0;
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
      onPiece?.(piece.subarray(0, read));
      let start = 0;
      for (let end = piece.indexOf(NEWLINE); end >= 0 && end < read; end = piece.indexOf(NEWLINE, start)) {
        if (length > longestLine) yield undefined;
        else if (begun.length === 0) yield piece.toString("utf8", start, end);
        else yield Buffer.concat([...begun, piece.subarray(start, end)]).toString("utf8");
        [begun, length, start] = [[], 0, end + 1];
      }
      length += read - start;
      if (length > longestLine) begun = [];
      else if (read > start) begun.push(Buffer.from(piece.subarray(start, read)));
    }
    if (length > 0) yield undefined;
  } finally {
    closeSync(file);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const checksum = (body: string): string => hash("sha256", body).slice(0, 8);
