import type { NamedTensorData, TensorData } from "./tensor-data.js";

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

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

/** The rows of the given numbers, copied. */
export function rowsAt({ shape, dtype, data }: TensorData, rows: readonly number[]): TensorData {
  const rowSize = data.length / shape[0];
  const chosen = new arrays[dtype](rows.length * rowSize);
  rows.forEach((row, i) => {
    chosen.set(data.subarray(row * rowSize, (row + 1) * rowSize), i * rowSize);
  });
  return { shape: [rows.length, ...shape.slice(1)], dtype, data: chosen };
}

/** A name of every row: the bytes that it has in the given tensors. Equal rows have equal names. */
export function rowKeys(tensors: readonly TensorData[]): string[] {
  return Array.from({ length: tensors[0].shape[0] }, (_, row) =>
    tensors
      .map(({ shape, data }) => {
        const rowBytes = data.byteLength / shape[0];
        return Buffer.from(data.buffer, data.byteOffset + row * rowBytes, rowBytes).toString("latin1");
      })
      .join(""),
  );
}

/** Tensors added up, name by name, in the order of the parts. */
export function addUp(parts: readonly NamedTensorData[]): NamedTensorData {
  const [first, ...others] = parts;
  if (others.length === 0) return first;
  return Object.fromEntries(
    Object.entries(first).map(([name, { shape, data }]) => {
      const sum = Float32Array.from(data);
      for (const part of others) for (let i = 0; i < sum.length; i++) sum[i] += part[name].data[i];
      return [name, { shape, dtype: "float32", data: sum }];
    }),
  );
}

/** Tensors joined along their first axis, name by name. */
export function joinRows(parts: readonly NamedTensorData[]): NamedTensorData {
  if (parts.length === 1) return parts[0];
  return Object.fromEntries(
    Object.keys(parts[0]).map((name) => {
      const pieces = parts.map((part) => part[name]);
      const rows = pieces.reduce((sum, { shape }) => sum + shape[0], 0);
      const length = pieces.reduce((sum, { data }) => sum + data.length, 0);
      const joined = new arrays[pieces[0].dtype](length);
      let offset = 0;
      for (const piece of pieces) {
        joined.set(piece.data, offset);
        offset += piece.data.length;
      }
      return [name, { shape: [rows, ...pieces[0].shape.slice(1)], dtype: pieces[0].dtype, data: joined }];
    }),
  );
}
