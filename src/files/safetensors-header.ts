import { type Budget, formatBytes, MOST_HEADER_BYTES } from "./budget.js";
import { type ByteSource, viewOf } from "./byte-source.js";
import { isObject, parseJsonObject } from "./json.js";
import { mistakenFor, RECOGNISED_BYTES } from "./recognise.js";
import { quoted, shown } from "./shown.js";
import { BYTES_PER_ELEMENT, type StoredType } from "./stored-type.js";

/** One tensor of a header; `begin` and `end` count bytes from the end of the header. */
export interface TensorEntry {
  name: string;
  type: StoredType;
  shape: number[];
  begin: number;
  end: number;
}

/** A header that keeps every rule of the format. */
export interface SafetensorsHeader {
  /** In the order of the file, whose data they cover without gaps. */
  entries: TensorEntry[];
  metadata: Record<string, string>;
  /** Where the tensors' bytes start in the file. */
  dataStart: number;
}

/**
 * Reads and checks the header of a safetensors file, without reading any tensor.
 *
 * @throws with a message of its own for each broken rule
 */
export function parseHeader({ size, read }: ByteSource, budget: Budget): SafetensorsHeader {
  const mistaken = mistakenFor(read(0, Math.min(size, RECOGNISED_BYTES)), size);
  if (mistaken) throw new Error(mistaken);
  if (size < 8) throw new Error(`it has ${size} bytes, fewer than the 8 that hold the header's length`);
  const length = viewOf(read(0, 8)).getBigUint64(0, true);
  if (length > BigInt(MOST_HEADER_BYTES)) {
    const limit = formatBytes(MOST_HEADER_BYTES);
    throw new Error(
      `it announces a header of ${length} bytes, above the limit of ${limit}: it is damaged, or not safetensors`,
    );
  }
  const dataStart = 8 + Number(length);
  if (dataStart > size) throw new Error(`it is cut off: its header ends at byte ${dataStart} of ${size}`);
  budget.takeBytes(Number(length), "its header");
  const json = parseObject(read(8, Number(length)), budget);
  budget.giveBack(Number(length));

  let metadata: Record<string, string> = {};
  const entries: TensorEntry[] = [];
  for (const [name, value] of Object.entries(json)) {
    if (name === "__metadata__") metadata = checkMetadata(value);
    else entries.push(checkEntry(name, value));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, size - dataStart);
  return { entries, metadata, dataStart };
}

function parseObject(bytes: Uint8Array, budget: Budget): Record<string, unknown> {
  if (bytes[0] !== 0x7b) throw new Error('its header does not begin with "{"');
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error("its header is not UTF-8");
  }
  try {
    return parseJsonObject(text, "header", { budget, uniqueKeys: true });
  } catch (error) {
    throw new Error(
      `its header is not as it must be (${((error as Error).cause as Error)?.message ?? (error as Error).message})`,
    );
  }
}

function checkMetadata(value: unknown): Record<string, string> {
  if (!isObject(value)) throw new Error("its __metadata__ is not an object");
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") throw new Error(`its metadata "${shown(key)}" is not a string`);
  }
  return value as Record<string, string>;
}

function checkEntry(name: string, value: unknown): TensorEntry {
  const tensor = `tensor "${shown(name)}"`;
  if (!isObject(value)) throw new Error(`${tensor} is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string") throw new Error(`${tensor} has no dtype`);
  if (!Object.hasOwn(BYTES_PER_ELEMENT, dtype)) {
    const known = Object.keys(BYTES_PER_ELEMENT).join(", ");
    throw new Error(`${tensor} has the dtype ${quoted(dtype)}; signmix reads ${known}`);
  }
  const type = dtype as StoredType;
  if (!isCounts(shape)) throw new Error(`the shape of ${tensor} is not a list of whole numbers from 0`);
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw new Error(`the data_offsets of ${tensor} are not two whole numbers from 0`);
  }
  const [begin, end] = offsets;
  if (end < begin) throw new Error(`${tensor} ends at byte ${end}, before it begins at ${begin}`);
  let bytes = BYTES_PER_ELEMENT[type];
  for (const length of shape) {
    bytes *= length;
    // inside the loop: the overflow of [2⁴⁰, 2⁴⁰, 0] must not pass for an empty tensor
    if (!Number.isSafeInteger(bytes)) throw new Error(`the shape [${shown(shape)}] of ${tensor} is beyond counting`);
  }
  if (bytes !== end - begin) {
    throw new Error(`${tensor} has ${end - begin} bytes, but ${type} of shape [${shown(shape)}] takes ${bytes}`);
  }
  return { name, type, shape, begin, end };
}

/** Tensors must follow one another from 0 to the end: bytes that no tensor owns could hide another file. */
function checkCoverage(entries: TensorEntry[], dataBytes: number): void {
  let position = 0;
  for (const { name, begin, end } of entries) {
    const tensor = `tensor "${shown(name)}"`;
    if (end > dataBytes) throw new Error(`it is cut off: ${tensor} ends at byte ${end} of ${dataBytes} bytes of data`);
    if (begin < position) throw new Error(`${tensor} overlaps another: it begins at ${begin}, before ${position}`);
    if (begin > position) throw new Error(`bytes ${position} to ${begin}, before ${tensor}, belong to no tensor`);
    position = end;
  }
  if (position < dataBytes) throw new Error(`its last ${dataBytes - position} bytes belong to no tensor`);
}

/** Most axes of a tensor: what NumPy allows. */
const MOST_AXES = 64;

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.length <= MOST_AXES && value.every((item) => Number.isSafeInteger(item) && item >= 0)
  );
}
