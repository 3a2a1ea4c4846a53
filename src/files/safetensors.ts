import { type NamedTensorData, sizeOf, type TensorData } from "../engine/tensor-data.js";
import { writeFileAtomic } from "./atomic.js";
import { type ByteSource, memorySource, withFileSource } from "./byte-source.js";
import { float32ToFloat16 } from "./half-precision.js";
import { parseHeader, type TensorEntry } from "./safetensors-header.js";
import { decodeStored } from "./stored-type.js";

/** What a safetensors file holds. */
export interface SafetensorsFile {
  tensors: NamedTensorData;
  metadata: Record<string, string>;
}

/** How a file is written. */
export interface SafetensorsOptions {
  /** Type that float32 tensors are stored as; "float16" halves the file and rounds each number. Default "float32". */
  floats?: "float32" | "float16";
}

/**
 * Reads a safetensors file: F32, F16, BF16 and F64 as float32, whole numbers as int32, BOOL as bool.
 *
 * Format: 8 bytes with the header's length (little-endian), the header in JSON, then the tensors' bytes without gaps.
 *
 * @throws naming the file and what is wrong with it, before any tensor is read, if the format's rules are broken
 */
export function readSafetensors(path: string): SafetensorsFile {
  try {
    return withFileSource(path, readFrom);
  } catch (error) {
    throw new Error(`Cannot read "${path}" as safetensors: ${(error as Error).message}.`, { cause: error });
  }
}

/** {@link readSafetensors} of bytes in memory. */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  try {
    return readFrom(memorySource(bytes));
  } catch (error) {
    throw new Error(`Cannot read safetensors: ${(error as Error).message}.`, { cause: error });
  }
}

/**
 * Writes tensors and metadata to a safetensors file, whole or not at all: first to a temporary name, then renamed.
 * Equal tensors and metadata give equal bytes, whatever the order of their names.
 */
export function writeSafetensors(
  path: string,
  tensors: NamedTensorData,
  metadata: Record<string, string> = {},
  options: SafetensorsOptions = {},
): void {
  writeFileAtomic(path, encodeSafetensors(tensors, metadata, options));
}

/** The bytes that {@link writeSafetensors} writes. */
export function encodeSafetensors(
  tensors: NamedTensorData,
  metadata: Record<string, string> = {},
  options: SafetensorsOptions = {},
): Uint8Array {
  const stored = Object.entries(tensors).map(([name, tensor]) => encode(name, tensor, options.floats ?? "float32"));
  // widest types first keeps every tensor aligned; the publisher's writer has the same order
  stored.sort((a, b) => b.width - a.width || compare(a.name, b.name));

  const entries: [string, unknown][] = [];
  const notes = Object.entries(metadata).sort(([a], [b]) => compare(a, b));
  for (const [key, value] of notes) {
    if (typeof value !== "string") throw new Error(`Metadata "${key}" must be a string; use JSON.stringify.`);
  }
  if (notes.length > 0) entries.push(["__metadata__", Object.fromEntries(notes)]);
  let end = 0;
  for (const { name, type, shape, bytes } of stored) {
    const begin = end;
    end += bytes.byteLength;
    entries.push([name, { dtype: type, shape, data_offsets: [begin, end] }]);
  }

  // not JSON.stringify of one object, which would move names such as "7" to the front
  const json = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`;
  const header = new TextEncoder().encode(json);
  const dataStart = 8 + Math.ceil(header.byteLength / 8) * 8;
  const file = new Uint8Array(dataStart + end).fill(0x20, 8, dataStart); // the header is padded with spaces
  new DataView(file.buffer).setBigUint64(0, BigInt(dataStart - 8), true);
  file.set(header, 8);
  let position = dataStart;
  for (const { bytes } of stored) {
    file.set(bytes, position);
    position += bytes.byteLength;
  }
  return file;
}

function readFrom(source: ByteSource): SafetensorsFile {
  const { entries, metadata, dataStart } = parseHeader(source);
  const tensor = ({ name, type, shape, begin, end }: TensorEntry) =>
    decodeStored(name, type, shape, source.read(dataStart + begin, end - begin));
  return { tensors: Object.fromEntries(entries.map((entry) => [entry.name, tensor(entry)])), metadata };
}

function encode(name: string, { shape, dtype, data }: TensorData, floats: "float32" | "float16") {
  if (name === "__metadata__") throw new Error('"__metadata__" cannot name a tensor; choose another name.');
  if (data.length !== sizeOf(shape)) {
    throw new Error(`Tensor "${name}" has ${data.length} numbers for the shape [${shape}]; give ${sizeOf(shape)}.`);
  }
  const half = dtype === "float32" && floats === "float16";
  const numbers = half ? float32ToFloat16(data as Float32Array) : data;
  const type = half ? "F16" : { float32: "F32", int32: "I32", bool: "BOOL" }[dtype];
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return { name, type, shape, bytes, width: numbers.BYTES_PER_ELEMENT };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
