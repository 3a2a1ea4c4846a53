/** Pre-training a small encoder from text, as the shipped one was. */

export type { AdamWOptions } from "./adamw.js";
export type { BatchOptions } from "./batches.js";
export { loadPretraining, type PretrainingCheckpoint, savePretraining } from "./checkpoint.js";
export { type CorpusFile, type EncodedCorpus, readCorpus } from "./corpus.js";
export { type Losses, type PretrainingLogEntry, type PretrainingOptions, pretrain } from "./pretrain.js";
export type { RateSchedule } from "./schedule.js";
export { type WordVectorOptions, wordVectors } from "./word-vectors.js";
