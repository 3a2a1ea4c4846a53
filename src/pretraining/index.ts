/** Pre-training a small encoder from text, as the shipped one was. */
export { loadPretraining, type PretrainingCheckpoint, savePretraining } from "./checkpoint.js";
export { type CorpusFile, readCorpus } from "./corpus.js";
export { type PretrainingLogEntry, type PretrainingOptions, pretrain } from "./pretrain.js";
export { type WordVectorOptions, wordVectors } from "./word-vectors.js";
