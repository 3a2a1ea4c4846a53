import { lengthBuckets, paddedLength, type TokenBatch, tokenBatch } from "../text/batching.js";
import type { Encoding } from "../text/tokenizer.js";

/** How a handful of texts is put into batches of few shapes, each of which costs a session. */
export interface RowBatchOptions {
  /** Most rows of a batch. */
  batchSize: number;
  maxLength: number;
  padTokenId: number;
}

/** A batch, and the place of each of its rows among the encodings. Rows beyond these only fill it. */
export interface RowBatch {
  rows: number[];
  batch: TokenBatch;
}

/**
 * Encodings in batches of like length. Unlike an evaluation, an attack asks about one text here and forty there, so
 * batches come in three numbers of rows: an eighth of `batchSize`, a half, and all of it.
 */
export function rowBatches(encodings: readonly Encoding[], options: RowBatchOptions): RowBatch[] {
  const { batchSize, maxLength, padTokenId } = options;
  const sizes = [...new Set([8, 2, 1].map((part) => Math.ceil(batchSize / part)))];
  const buckets = lengthBuckets(maxLength);
  const order = encodings.map((_, i) => i);
  order.sort((a, b) => encodings[a].inputIds.length - encodings[b].inputIds.length || a - b);
  const batches: RowBatch[] = [];
  for (let start = 0; start < order.length; start += batchSize) {
    const rows = order.slice(start, start + batchSize);
    const size = sizes.find((rowCount) => rowCount >= rows.length) ?? batchSize;
    const filled = Array.from({ length: size }, (_, i) => encodings[rows[Math.min(i, rows.length - 1)]]);
    batches.push({ rows, batch: tokenBatch(filled, paddedLength(filled, buckets), padTokenId) });
  }
  return batches;
}
