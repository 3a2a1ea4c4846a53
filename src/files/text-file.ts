import { Budget, type BudgetKind } from "./budget.js";
import { withFileSource } from "./byte-source.js";
import { mistakenFor, RECOGNISED_BYTES } from "./recognise.js";

/** The bytes of a file, drawn from a budget before they are read. @throws without the file's name, for the caller to name */
export function readBytes(path: string, budget: Budget): Uint8Array {
  return withFileSource(path, (source) => {
    budget.takeBytes(source.size, "the file");
    return source.read(0, source.size);
  });
}

/**
 * The text of a file: UTF-8, or UTF-16 where a byte-order mark says so; the mark is not part of the text.
 *
 * @param budget its limits, or their kind
 * @throws naming the file, if it is no readable file, too long, or not text of these encodings
 */
export function readText(path: string, budget: Budget | BudgetKind): string {
  try {
    return decodeText(readBytes(path, typeof budget === "string" ? new Budget(budget) : budget));
  } catch (error) {
    throw new Error(`Cannot read "${path}": ${(error as Error).message}.`, { cause: error });
  }
}

/** Bytes as text, by their byte-order mark, else as UTF-8. @throws where they are not */
export function decodeText(bytes: Uint8Array): string {
  const mistaken = mistakenFor(bytes.subarray(0, RECOGNISED_BYTES), bytes.byteLength);
  if (mistaken && bytes.byteLength > 0) throw new Error(mistaken);
  const [encoding, name, skip] = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(skip));
  } catch {
    throw new Error(`it is not ${name} text: save it as UTF-8`);
  }
}

/** The encoding, its name, and the length of the byte-order mark. */
function encodingOf(bytes: Uint8Array): [encoding: string, name: string, skip: number] {
  const starts = (...mark: number[]) => mark.every((byte, i) => bytes[i] === byte);
  if (starts(0xef, 0xbb, 0xbf)) return ["utf-8", "UTF-8", 3];
  if (starts(0xff, 0xfe)) return ["utf-16le", "UTF-16", 2];
  if (starts(0xfe, 0xff)) return ["utf-16be", "UTF-16", 2];
  return ["utf-8", "UTF-8", 0];
}
