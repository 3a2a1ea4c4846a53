import type { EncoderConfig } from "#src/encoder/config.js";

/** A BERT small enough to train in a test. */
export const toyConfig = (vocabSize: number): EncoderConfig => ({
  family: "bert",
  vocabSize,
  hiddenSize: 16,
  layers: 2,
  heads: 2,
  intermediateSize: 32,
  maxPositions: 48,
  typeVocabSize: 2,
  layerNormEpsilon: 1e-12,
  padTokenId: 0,
  activation: "relu",
});
