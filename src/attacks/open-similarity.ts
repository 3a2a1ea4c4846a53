import type { Encoder } from "../encoder/encoder.js";
import { encoderSimilarity, type SimilarityEncoder, sentenceSimilarity } from "./similarity.js";
import { universalSentenceSimilarity } from "./universal-sentence-encoder.js";

/**
 * What says whether an attacked text still means the same: the Universal Sentence Encoder (`use`), the encoder's own
 * sentence embedding (`sentence`), or its mean hidden states with a threshold calibrated on paraphrases (`calibrated`).
 */
export const similarityKinds = ["use", "sentence", "calibrated"] as const;
/** What a similarity encoder is: its kind. */
export type SimilarityKind = (typeof similarityKinds)[number];

/**
 * A similarity encoder by its kind.
 *
 * @param encoder the frozen one, which `use` does without
 * @throws if the kind is unknown, or `use` is not set up
 */
export function openSimilarity(
  kind: SimilarityKind,
  encoder: Encoder,
  options: { threshold: number; batchSize?: number; maxLength?: number },
): SimilarityEncoder {
  requireSimilarityKind(kind);
  const { threshold, batchSize } = options;
  if (kind === "use") return universalSentenceSimilarity({ threshold, batchSize });
  return kind === "sentence" ? sentenceSimilarity(encoder, options) : encoderSimilarity(encoder, options);
}

/** @throws listing the kinds, if it is none of them */
export function requireSimilarityKind(kind: SimilarityKind): void {
  if (similarityKinds.includes(kind)) return;
  throw new Error(`"${kind}" is no similarity; give ${similarityKinds.map((known) => `"${known}"`).join(", ")}.`);
}
