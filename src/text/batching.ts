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
 * The padded lengths that batches take, six at most: 1/8, 1/4, 3/8, 1/2, 3/4 and 1 of `maxLength`, in whole eights.
 * Each shape needs a compiled function of its own, so there are few, and they are the same for every domain.
 */
export function lengthBuckets(maxLength: number): number[] {
  const parts = [1 / 8, 1 / 4, 3 / 8, 1 / 2, 3 / 4, 1].map((part) => Math.ceil((part * maxLength) / 8) * 8);
  return [...new Set(parts.map((length) => Math.min(length, maxLength)))];
}

/** The length that a batch of these encodings is padded to; above the last bucket it is their own. */
export function paddedLength(encodings: readonly Encoding[], buckets: readonly number[]): number {
  const longest = longestOf(encodings);
  return buckets.find((length) => length >= longest) ?? longest;
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
  const buckets = lengthBuckets(maxLength);
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
    batches.push({ rows, batch: tokenBatch(filled, paddedLength(filled, buckets), padTokenId) });
  }
  return batches;
}

function longestOf(encodings: readonly Encoding[]): number {
  return encodings.reduce((longest, { inputIds }) => Math.max(longest, inputIds.length), 0);
}
