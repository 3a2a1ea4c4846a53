import type { Encoder } from "../encoder/encoder.js";
import type { Encoded } from "./task.js";

/**
 * A text that is cut into words already, as token ids, with the place of each word's first token. Every word is encoded by
 * itself, after a space, as `is_split_into_words` of transformers does; words beyond `maxLength` are cut off.
 *
 * @throws if the encoder has no tokenizer, or one that does not put one token before a text and one after it
 */
export function encodeWords(encoder: Encoder, words: readonly string[], maxLength: number): Encoded {
  const { tokenizer } = encoder;
  if (!tokenizer) {
    throw new Error(
      `The encoder "${encoder.name}" has no tokenizer; put its tokenizer.json or vocab.txt in its folder.`,
    );
  }
  const frame = tokenizer.encode("");
  if (frame.inputIds.length !== 2) {
    throw new Error(`Words are tagged between two special tokens; "${encoder.name}" puts ${frame.inputIds.length}.`);
  }
  const inputIds: number[] = [];
  const firstTokens: number[] = [];
  for (const word of words) {
    const pieces = tokenizer.encode(` ${word}`, undefined, { addSpecialTokens: false }).inputIds;
    if (inputIds.length + pieces.length > maxLength - 2) break;
    firstTokens.push(inputIds.length + 1);
    inputIds.push(...pieces);
  }
  const [first, last] = frame.inputIds;
  const ids = [first, ...inputIds, last];
  return {
    inputIds: ids,
    tokenTypeIds: ids.map(() => frame.tokenTypeIds[0]),
    attentionMask: ids.map(() => 1),
    specialTokensMask: ids.map((_, i) => (i === 0 || i === ids.length - 1 ? 1 : 0)),
    firstTokens,
  };
}
