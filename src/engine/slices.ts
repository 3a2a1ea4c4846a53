import type { NamedTensorData, TensorData } from "./tensor-data.js";

/**
 * Numbers of rows to run at a time, in order: parts as equal as can be, each near `ideal` elements of `rowSize` each.
 * At most two different numbers come out, and one where an equal division is near.
 */
export function sliceLengths(rows: number, rowSize: number, ideal: number): number[] {
  const wanted = Math.max(1, Math.round((rows * rowSize) / ideal));
  const near = [0, 1, -1, 2, -2].map((step) => wanted + step).filter((parts) => parts >= 1 && parts <= 2 * wanted);
  const parts = Math.min(near.find((count) => rows % count === 0) ?? wanted, Math.max(rows, 1));
  const short = Math.floor(rows / parts);
  const longer = rows - short * parts;
  return Array.from({ length: parts }, (_, i) => (i < longer ? short + 1 : short));
}

/** Rows `from` up to `from + count` of a tensor, over the same memory. */
export function rowsOf(tensor: TensorData, from: number, count: number): TensorData {
  const { shape, dtype, data } = tensor;
  const rowSize = shape.slice(1).reduce((product, length) => product * length, 1);
  return { shape: [count, ...shape.slice(1)], dtype, data: data.subarray(from * rowSize, (from + count) * rowSize) };
}

/** Tensors joined along their first axis, name by name. */
export function joinRows(parts: readonly NamedTensorData[]): NamedTensorData {
  if (parts.length === 1) return parts[0];
  return Object.fromEntries(
    Object.keys(parts[0]).map((name) => {
      const pieces = parts.map((part) => part[name]);
      const rows = pieces.reduce((sum, { shape }) => sum + shape[0], 0);
      const length = pieces.reduce((sum, { data }) => sum + data.length, 0);
      const joined = new { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[pieces[0].dtype](length);
      let offset = 0;
      for (const piece of pieces) {
        joined.set(piece.data, offset);
        offset += piece.data.length;
      }
      return [name, { shape: [rows, ...pieces[0].shape.slice(1)], dtype: pieces[0].dtype, data: joined }];
    }),
  );
}
