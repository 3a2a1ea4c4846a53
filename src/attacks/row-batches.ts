import { paddedLength, paddedLengths, type TokenBatch, tokenBatch } from "../text/batching.js";
import type { Encoding } from "../text/tokenizer.js";

/** How a handful of texts is put into batches of few shapes, each of which is recorded once. */
export interface RowBatchOptions {
  /** Most rows of a batch. */
  batchSize: number;
  maxLength: number;
  padTokenId: number;
}

/** A batch, and the place of each of its rows among the encodings. */
export interface RowBatch {
  rows: number[];
  batch: TokenBatch;
}

/**
 * Encodings in batches of like length. Unlike an evaluation, an attack asks about one text here and forty there, so
 * batches come in few numbers of rows: `batchSize`, a half of it, an eighth, and one. None is filled up with copies: most
 * words have one or two candidates, and on a processor a row that is not needed costs as much as one that is.
 */
export function rowBatches(encodings: readonly Encoding[], options: RowBatchOptions): RowBatch[] {
  const { batchSize, maxLength, padTokenId } = options;
  const sizes = [batchSize, Math.ceil(batchSize / 2), Math.ceil(batchSize / 8), 1];
  const lengths = paddedLengths(maxLength);
  const order = encodings.map((_, i) => i);
  order.sort((a, b) => encodings[a].inputIds.length - encodings[b].inputIds.length || a - b);
  const batches: RowBatch[] = [];
  for (let start = 0; start < order.length; ) {
    const size = sizes.find((rowCount) => rowCount <= order.length - start) ?? 1;
    const rows = order.slice(start, start + size);
    start += size;
    const chosen = rows.map((row) => encodings[row]);
    batches.push({ rows, batch: tokenBatch(chosen, paddedLength(chosen, lengths), padTokenId) });
  }
  return batches;
}
