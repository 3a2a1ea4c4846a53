/** More of training: what loops and evaluators take and give, as types. */
export type { BagOfWords, BagOfWordsOptions } from "./bag-of-words.js";
export { type Calibration, type CalibrationBin, calibration } from "./calibration.js";
export { confusionMatrix } from "./confusion.js";
export type { Evaluator } from "./evaluate.js";
export { cosineOf } from "./text-embedding.js";
export type { LoopOptions, TrainingCheckpoint, TrainingHistory, TrainingProgress } from "./train.js";
