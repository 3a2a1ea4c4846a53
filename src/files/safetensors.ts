import { type NamedTensorData, sizeOf, type TensorData } from "../engine/tensor-data.js";
import { writeFileAtomic } from "./atomic.js";
import { Budget, type BudgetKind } from "./budget.js";
import { type ByteSource, memorySource, withFileSource } from "./byte-source.js";
import { requireFinite } from "./finite.js";
import { float16ToFloat32, float32ToFloat16 } from "./half-precision.js";
import { parseHeader, type TensorEntry } from "./safetensors-header.js";
import { shown } from "./shown.js";
import { decodedBytes, decodeStored } from "./stored-type.js";

/** What a safetensors file holds. */
export interface SafetensorsFile {
  tensors: NamedTensorData;
  metadata: Record<string, string>;
}

/** How a file of tensors is read. */
export interface ReadOptions {
  /** What it may take, or the kind of its limits. Default "encoder", the widest. */
  budget?: Budget | BudgetKind;
  /** Whether a number that is not finite is refused. Default true. */
  finite?: boolean;
}

/** How a file is written. */
export interface SafetensorsOptions {
  /** Type that float32 tensors are stored as; "float16" halves the file and rounds each number. Default "float32". */
  floats?: "float32" | "float16";
  /** Whether a number that is not finite is refused. Default true. */
  finite?: boolean;
  /** Whether a file of this name may be there already. Default true. */
  overwrite?: boolean;
}

/**
 * Reads a safetensors file: F32, F16, BF16 and F64 as float32, whole numbers as int32, BOOL as bool.
 *
 * Format: 8 bytes with the header's length (little-endian), the header in JSON, then the tensors' bytes without gaps.
 *
 * @throws naming the file and what is wrong with it, before any tensor is read, if the format's rules are broken or the
 * tensors would take more than the budget; and naming the tensor, if a number is not finite
 */
export function readSafetensors(path: string, options: ReadOptions = {}): SafetensorsFile {
  try {
    return withFileSource(path, (source) => readFrom(source, options));
  } catch (error) {
    throw new Error(`Cannot read "${path}" as safetensors: ${(error as Error).message}.`, { cause: error });
  }
}

/** {@link readSafetensors} of bytes in memory. */
export function decodeSafetensors(bytes: Uint8Array, options: ReadOptions = {}): SafetensorsFile {
  try {
    return readFrom(memorySource(bytes), options);
  } catch (error) {
    throw new Error(`Cannot read safetensors: ${(error as Error).message}.`, { cause: error });
  }
}

/**
 * Writes tensors and metadata to a safetensors file, whole or not at all: first to a temporary name, then renamed.
 * Equal tensors and metadata give equal bytes, whatever the order of their names.
 *
 * @throws naming the tensor, if a number is not finite, or would not be as float16
 */
export function writeSafetensors(
  path: string,
  tensors: NamedTensorData,
  metadata: Record<string, string> = {},
  options: SafetensorsOptions = {},
): void {
  writeFileAtomic(path, encodeSafetensors(tensors, metadata, options), options);
}

/** The bytes that {@link writeSafetensors} writes. */
export function encodeSafetensors(
  tensors: NamedTensorData,
  metadata: Record<string, string> = {},
  options: SafetensorsOptions = {},
): Uint8Array {
  const stored = Object.entries(tensors).map(([name, tensor]) => encode(name, tensor, options));
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

function readFrom(source: ByteSource, { budget: given = "encoder", finite = true }: ReadOptions): SafetensorsFile {
  const budget = typeof given === "string" ? new Budget(given) : given;
  const { entries, metadata, dataStart } = parseHeader(source, budget);
  budget.takeBytes(
    entries.reduce((sum, { type, shape }) => sum + decodedBytes(type, shape), 0),
    "its tensors",
  );
  const tensor = ({ name, type, shape, begin, end }: TensorEntry) => {
    const read = decodeStored(name, type, shape, source.read(dataStart + begin, end - begin), source.fresh);
    if (finite) requireFinite(name, read);
    return read;
  };
  return { tensors: Object.fromEntries(entries.map((entry) => [entry.name, tensor(entry)])), metadata };
}

function encode(
  name: string,
  { shape, dtype, data }: TensorData,
  { floats = "float32", finite = true }: SafetensorsOptions,
) {
  if (name === "__metadata__") throw new Error('"__metadata__" cannot name a tensor; choose another name.');
  if (data.length !== sizeOf(shape)) {
    throw new Error(
      `Tensor "${shown(name)}" has ${data.length} numbers for the shape [${shape}]; give ${sizeOf(shape)}.`,
    );
  }
  const half = dtype === "float32" && floats === "float16";
  const numbers = half ? float32ToFloat16(data as Float32Array) : data;
  // rounding to float16 can take a number beyond its range
  if (finite) requireWritable(name, { shape, dtype, data: half ? float16ToFloat32(numbers as Uint16Array) : data });
  const type = half ? "F16" : { float32: "F32", int32: "I32", bool: "BOOL" }[dtype];
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return { name, type, shape, bytes, width: numbers.BYTES_PER_ELEMENT };
}

function requireWritable(name: string, tensor: TensorData): void {
  try {
    requireFinite(name, tensor);
  } catch (error) {
    throw new Error(`Nothing is written: ${(error as Error).message}.`);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
