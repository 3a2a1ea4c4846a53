/** Texts as tokens: tokenizers, batches, vocabularies. */
export { type BatchOptions, batchesByLength, type ExampleBatch, type TokenBatch, tokenBatch } from "./batching.js";
export { loadTokenizer } from "./load-tokenizer.js";
export { createTokenizer, type EncodeOptions, type Encoding, type Tokenizer } from "./tokenizer.js";
export type {
  AddedToken,
  PostProcessor,
  SpecialTokenName,
  TemplateItem,
  TokenizerConfig,
  TokenizerDefinition,
} from "./tokenizer-definition.js";
export type { TokenizerFiles } from "./tokenizer-settings.js";
export { countWords, splitWords, trainVocabulary, type VocabularyOptions } from "./vocabulary.js";
export { writeVocabulary } from "./vocabulary-files.js";
