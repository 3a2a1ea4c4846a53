import type { Example } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import { type HeadConfig, headInput } from "../encoder/heads.js";
import { compile } from "../engine/compile.js";
import type { Random } from "../engine/random.js";
import { float32, int32, type NamedTensorData } from "../engine/tensor-data.js";
import { batchesByLength, paddedLength, tokenBatch } from "../text/batching.js";
import { encodeExamples } from "./examples.js";
import { batchOf } from "./step.js";

/** How many batches are drawn together and sorted by length among themselves. */
const POOL = 8;

/**
 * Gives the rows of one training batch after another: shuffled epochs without end, every batch full. Eight batches at a
 * time are drawn, sorted by length and given in random order, so that little of a batch is padding.
 *
 * @param lengths length of each example, in tokens
 */
export function trainingOrder(lengths: readonly number[], batchSize: number, random: Random): () => number[] {
  const everyExample = lengths.map((_, i) => i);
  let drawn: number[] = [];
  let waiting: number[][] = [];
  return () => {
    if (waiting.length === 0) {
      while (drawn.length < POOL * batchSize) drawn = drawn.concat(random.shuffle(everyExample));
      const pool = drawn.splice(0, POOL * batchSize).sort((a, b) => lengths[a] - lengths[b]);
      const batches = Array.from({ length: POOL }, (_, i) => pool.slice(i * batchSize, (i + 1) * batchSize));
      waiting = random.shuffle(batches);
    }
    return waiting.shift() as number[];
  };
}

/** What a training step takes of the examples in the given rows. */
export type BatchSource = { lengths: number[]; batch(rows: readonly number[]): NamedTensorData };

/**
 * The padded lengths of training batches, six at most: 1/8, 1/4, 3/8, 1/2, 3/4 and 1 of `maxLength`, in whole eights. They are
 * few so that a text, which comes in other company in every epoch, is most often padded as before: what was kept of it serves.
 */
export function trainingLengths(maxLength: number): number[] {
  const parts = [1 / 8, 1 / 4, 3 / 8, 1 / 2, 3 / 4, 1].map((part) => Math.ceil((part * maxLength) / 8) * 8);
  return [...new Set(parts.map((length) => Math.min(length, maxLength)))];
}

/** Token batches: `inputIds`, `attentionMask`, `tokenTypeIds` [batch, time], padded to one of a few lengths. */
export function tokenSource(encoder: Encoder, examples: readonly Example[], maxLength: number): BatchSource {
  const encodings = encodeExamples(encoder, examples, maxLength);
  const lengths = trainingLengths(maxLength);
  return {
    lengths: encodings.map(({ inputIds }) => inputIds.length),
    batch(rows) {
      const chosen = rows.map((row) => encodings[row]);
      return tokenBatch(chosen, paddedLength(chosen, lengths), encoder.config.padTokenId);
    },
  };
}

/**
 * Feature batches: `features` [batch, hidden], what a head reads of the frozen encoder. Every example goes through the
 * encoder once, however many steps follow. They have the lengths, and so the order, of the token batches.
 */
export function featureSource(
  encoder: Encoder,
  head: HeadConfig,
  examples: readonly Example[],
  options: { batchSize: number; maxLength: number },
): BatchSource {
  const encodings = encodeExamples(encoder, examples, options.maxLength);
  const width = encoder.config.hiddenSize;
  const features = new Float32Array(examples.length * width); // [examples, hidden]
  const compiled = compile((inputs) => ({
    features: headInput(head, encoder.forward(batchOf(inputs), { firstTokenOnly: true })),
  }));
  try {
    for (const { rows, batch } of batchesByLength(encodings, { ...options, padTokenId: encoder.config.padTokenId })) {
      const { data } = compiled.run(batch).features;
      rows.forEach((example, row) => {
        features.set(data.subarray(row * width, (row + 1) * width), example * width);
      });
    }
  } finally {
    compiled.dispose();
  }
  return {
    lengths: encodings.map(({ inputIds }) => inputIds.length),
    batch(rows) {
      const chosen = float32([rows.length, width]);
      rows.forEach((row, i) => {
        chosen.data.set(features.subarray(row * width, (row + 1) * width), i * width);
      });
      return { features: chosen };
    },
  };
}

/** Labels of the rows. [batch] */
export function labelsOf(examples: readonly Example[], rows: readonly number[]): NamedTensorData {
  return {
    labels: int32(
      [rows.length],
      Int32Array.from(rows, (row) => examples[row].label),
    ),
  };
}
