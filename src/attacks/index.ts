/** More of attacks: substitutions, similarity encoders, exports, and the types of FGSM and TextFooler. */
export { attackCsv, attackJsonLines, markWords } from "./export.js";
export { embeddingScale, type FgsmAttack, type FgsmOptions, type FgsmResult } from "./fgsm.js";
export type { Importance } from "./importance.js";
export { openSimilarity, type SimilarityKind, similarityKinds } from "./open-similarity.js";
export type { PartOfSpeech } from "./part-of-speech.js";
export {
  angularSimilarity,
  calibrateSimilarity,
  type EncoderSimilarityOptions,
  recipeThreshold,
  type SimilarityEncoder,
  sentenceSimilarity,
  vectorSimilarity,
} from "./similarity.js";
export { applySubstitutions, type Substitution } from "./substitutions.js";
export type { AttackOutcome, AttackSummary } from "./summary.js";
export { type NeighbourOptions, neighbourSynonyms, openSynonyms, type WordPlace } from "./synonyms.js";
export type { AttackedExample, TextFooler, TextFoolerOptions } from "./textfooler.js";
export {
  openUniversalSentenceEncoder,
  type UniversalSentenceEncoder,
  type UniversalSentenceOptions,
  universalSentenceSimilarity,
} from "./universal-sentence-encoder.js";
