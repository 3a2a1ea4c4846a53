import { sizeOf, type TensorData } from "../engine/tensor-data.js";
import { bfloat16ToFloat32, float16ToFloat32 } from "./half-precision.js";
import { shown } from "./shown.js";

/** How numbers lie in a file, little-endian; the names are those of the safetensors format. */
export type StoredType = "F64" | "F32" | "F16" | "BF16" | "I64" | "I32" | "I16" | "I8" | "U8" | "BOOL";

/** Bytes of one element. */
export const BYTES_PER_ELEMENT: Record<StoredType, number> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/** Bytes that a tensor takes once it is read: four for a number, one for a truth value. */
export function decodedBytes(type: StoredType, shape: number[]): number {
  return sizeOf(shape) * (type === "BOOL" ? 1 : 4);
}

/**
 * A host tensor from stored bytes. Every real type becomes float32 (F64 is rounded), every whole one int32, BOOL bool.
 *
 * @param name what to call the tensor in an error
 * @param fresh whether `bytes` are all of a buffer of their own, which the tensor may keep
 * @throws if an I64 lies outside int32
 */
export function decodeStored(
  name: string,
  type: StoredType,
  shape: number[],
  bytes: Uint8Array,
  fresh = false,
): TensorData {
  const length = sizeOf(shape) * BYTES_PER_ELEMENT[type];
  // typed arrays need an aligned start, and a tensor must not keep its whole file in memory: else a copy
  const own = fresh && bytes.byteOffset === 0 && bytes.buffer.byteLength === length;
  const buffer = own ? bytes.buffer : new Uint8Array(bytes.subarray(0, length)).buffer;
  switch (type) {
    case "F64":
      return { shape, dtype: "float32", data: Float32Array.from(new Float64Array(buffer)) };
    case "F32":
      return { shape, dtype: "float32", data: new Float32Array(buffer) };
    case "F16":
      return { shape, dtype: "float32", data: float16ToFloat32(new Uint16Array(buffer)) };
    case "BF16":
      return { shape, dtype: "float32", data: bfloat16ToFloat32(new Uint16Array(buffer)) };
    case "I64":
      return { shape, dtype: "int32", data: narrowToInt32(name, new BigInt64Array(buffer)) };
    case "I32":
      return { shape, dtype: "int32", data: new Int32Array(buffer) };
    case "I16":
      return { shape, dtype: "int32", data: Int32Array.from(new Int16Array(buffer)) };
    case "I8":
      return { shape, dtype: "int32", data: Int32Array.from(new Int8Array(buffer)) };
    case "U8":
      return { shape, dtype: "int32", data: Int32Array.from(new Uint8Array(buffer)) };
    case "BOOL":
      return { shape, dtype: "bool", data: new Uint8Array(buffer).map((value) => (value === 0 ? 0 : 1)) };
  }
}

function narrowToInt32(name: string, wide: BigInt64Array): Int32Array {
  const narrow = new Int32Array(wide.length);
  for (let i = 0; i < wide.length; i++) {
    narrow[i] = Number(wide[i]);
    if (BigInt(narrow[i]) !== wide[i]) {
      throw new Error(
        `tensor "${shown(name)}" holds ${wide[i]}, which is no int32, and signmix has no wider whole numbers`,
      );
    }
  }
  return narrow;
}
