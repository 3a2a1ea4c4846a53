/** Texts as tokens: tokenizers, batches, vocabularies. */
export { batchesByLength, type TokenBatch, tokenBatch } from "./batching.js";
export { createTokenizer, type Encoding, loadTokenizer, type Tokenizer } from "./tokenizer.js";
export { countWords, splitWords, trainVocabulary, type VocabularyOptions } from "./vocabulary.js";
export { writeVocabulary } from "./vocabulary-files.js";
