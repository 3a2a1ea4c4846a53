import type { Example } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import { int32, type NamedTensorData } from "../engine/tensor-data.js";
import type { Encoding } from "../text/tokenizer.js";

/** Padded lengths that batches take, so that few shapes need a compiled function. */
const LENGTHS = [8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

/** Examples as token ids. */
export function encodeExamples(encoder: Encoder, examples: readonly Example[], maxLength: number): Encoding[] {
  const { tokenizer } = encoder;
  if (!tokenizer) {
    throw new Error(
      `The encoder "${encoder.name}" has no tokenizer; put its tokenizer.json or vocab.txt in its folder.`,
    );
  }
  return examples.map(({ text, textPair }) => tokenizer.encode(text, textPair, { maxLength }));
}

/** The length that a batch of these encodings is padded to. */
export function paddedLength(encodings: readonly Encoding[]): number {
  const longest = Math.max(...encodings.map(({ inputIds }) => inputIds.length));
  return LENGTHS.find((length) => length >= longest) ?? longest;
}

/** Encodings as one batch: `inputIds`, `attentionMask`, `tokenTypeIds`, each int32 [batch, time]. */
export function tokenBatch(encodings: readonly Encoding[], time: number, padTokenId: number): NamedTensorData {
  const shape = [encodings.length, time];
  const batch = { inputIds: int32(shape), attentionMask: int32(shape), tokenTypeIds: int32(shape) };
  batch.inputIds.data.fill(padTokenId);
  encodings.forEach((encoding, row) => {
    batch.inputIds.data.set(encoding.inputIds, row * time);
    batch.attentionMask.data.set(encoding.attentionMask, row * time);
    batch.tokenTypeIds.data.set(encoding.tokenTypeIds, row * time);
  });
  return batch;
}
