import type { Example } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import type { Encoding } from "../text/tokenizer.js";

/**
 * Examples as token ids.
 *
 * @throws if the encoder came without a tokenizer
 */
export function encodeExamples(encoder: Encoder, examples: readonly Example[], maxLength: number): Encoding[] {
  const { tokenizer } = encoder;
  if (!tokenizer) {
    throw new Error(
      `The encoder "${encoder.name}" has no tokenizer; put its tokenizer.json or vocab.txt in its folder.`,
    );
  }
  return examples.map(({ text, textPair }) => tokenizer.encode(text, textPair, { maxLength }));
}
