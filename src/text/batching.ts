import { int32, type TensorData } from "../engine/tensor-data.js";
import type { Encoding } from "./tokenizer.js";

/** Encoded texts of one padded length, ready for an encoder; int32, each [batch, time]. */
export type TokenBatch = Record<"inputIds" | "attentionMask" | "tokenTypeIds", TensorData>;

/** A batch out of many examples. */
export interface ExampleBatch {
  /** Place of each row's example among all. Rows of the batch beyond these only fill it. */
  rows: number[];
  batch: TokenBatch;
}

/** How examples are put into batches. */
export interface BatchOptions {
  batchSize: number;
  padTokenId: number;
  /** Most tokens that an encoding was allowed; it sets the padded lengths. Default: the longest encoding. */
  maxLength?: number;
}

/**
 * The padded lengths that batches take: every sixteenth of `maxLength`, in whole fours, the same for every domain. The finer
 * they are the less is padding, but each costs some tenths of a second at its first use.
 */
export function paddedLengths(maxLength: number): number[] {
  const step = 4 * Math.ceil(maxLength / 64);
  return Array.from({ length: Math.ceil(maxLength / step) }, (_, i) => Math.min((i + 1) * step, maxLength));
}

/** The length that a batch of these encodings is padded to; above the last of `lengths` it is their own. */
export function paddedLength(encodings: readonly Encoding[], lengths: readonly number[]): number {
  const longest = longestOf(encodings);
  return lengths.find((length) => length >= longest) ?? longest;
}

/** Encodings as one batch, padded on the right to `time` tokens. */
export function tokenBatch(encodings: readonly Encoding[], time: number, padTokenId: number): TokenBatch {
  const longest = longestOf(encodings);
  if (longest > time) throw new Error(`An encoding of ${longest} tokens does not fit ${time}; encode with maxLength.`);
  const shape = [encodings.length, time];
  const batch: TokenBatch = { inputIds: int32(shape), attentionMask: int32(shape), tokenTypeIds: int32(shape) };
  batch.inputIds.data.fill(padTokenId);
  encodings.forEach((encoding, row) => {
    for (const part of ["inputIds", "attentionMask", "tokenTypeIds"] as const) {
      batch[part].data.set(encoding[part], row * time);
    }
  });
  return batch;
}

/**
 * Every encoding once, in batches of like length and of `batchSize` rows each. What is left over stands in the first
 * batch, the shortest, filled up with its last example: another number of rows would be another shape.
 */
export function batchesByLength(encodings: readonly Encoding[], options: BatchOptions): ExampleBatch[] {
  const { batchSize, padTokenId, maxLength = longestOf(encodings) } = options;
  const lengths = paddedLengths(maxLength);
  const order = encodings.map((_, i) => i);
  order.sort((a, b) => encodings[a].inputIds.length - encodings[b].inputIds.length || a - b);
  const batches: ExampleBatch[] = [];
  for (
    let end = order.length % batchSize || batchSize, start = 0;
    start < order.length;
    start = end, end += batchSize
  ) {
    const rows = order.slice(start, end);
    const filled = Array.from({ length: batchSize }, (_, i) => encodings[rows[Math.min(i, rows.length - 1)]]);
    batches.push({ rows, batch: tokenBatch(filled, paddedLength(filled, lengths), padTokenId) });
  }
  return batches;
}

function longestOf(encodings: readonly Encoding[]): number {
  return encodings.reduce((longest, { inputIds }) => Math.max(longest, inputIds.length), 0);
}
