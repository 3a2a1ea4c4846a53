/** The three families of encoder that signmix reads. */
export type EncoderFamily = "bert" | "roberta" | "distilbert";

/** Shape and constants of an encoder, the same names for every family. */
export interface EncoderConfig {
  family: EncoderFamily;
  vocabSize: number;
  hiddenSize: number;
  layers: number;
  heads: number;
  intermediateSize: number;
  maxPositions: number;
  /** Segment embeddings: 2 for BERT, 1 for RoBERTa, 0 for DistilBERT. */
  typeVocabSize: number;
  layerNormEpsilon: number;
  padTokenId: number;
  activation: "gelu" | "relu" | "gelu_new";
}
