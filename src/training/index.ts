/** More of training: gradients, Fisher information and inputs on texts, and what loops and evaluators take and give. */
export type { BagOfWords, BagOfWordsOptions } from "./bag-of-words.js";
export { type Calibration, type CalibrationBin, calibration } from "./calibration.js";
export { confusionMatrix } from "./confusion.js";
export type { Evaluator } from "./evaluate.js";
export { inputGrams } from "./input-grams.js";
export type { LoopOptions, TrainingCheckpoint, TrainingHistory, TrainingProgress } from "./loop-options.js";
export { cosineOf } from "./text-embedding.js";
export { kernelAlignment, textFeatures } from "./text-features.js";
export {
  fisherInformation,
  hessianGradient,
  type TextGradientOptions,
  type TextGradients,
  type TextLoss,
  textGradients,
} from "./text-gradients.js";
