/** Statistics over arrays of numbers: correlations, intervals, the best of several and its luck. */
export { type Association, associate, type MixtureOutcome, type SetFsd } from "./association.js";
export {
  correlation,
  partialRankCorrelation,
  partialRankCorrelationWithin,
  rankCorrelation,
  rankCorrelationWithin,
  ranks,
  ranksWithin,
} from "./correlation.js";
export { type BestOf, bestOf, luckOfBest, type Score, type WorstOf, worstOf } from "./cross-fit.js";
export {
  type CrossedEstimate,
  type Crossing,
  crossedCorrelation,
  crossedMean,
  type VarianceParts,
} from "./crossed-effects.js";
export { type Effect, type Side, scaleEffect, sideOf } from "./effect.js";
export { jackknife } from "./jackknife.js";
export {
  type NetworkRegression,
  type NetworkRegressionOptions,
  type NetworkTerm,
  networkRegression,
  type PairMatrix,
} from "./network-regression.js";
export { overTargets } from "./over-targets.js";
export { type PairedCounts, pairedCounts, pairedDifference, rowsToDecide } from "./paired-difference.js";
export {
  type PermutationOptions,
  type PermutationTest,
  permutationTest,
  permuteAssigned,
  permuteDomains,
} from "./permutation.js";
export { orderedPairs, type Power, type PowerOptions, powerOfCorrelation, powerOfMean } from "./power.js";
export { correlationCeiling, type Reliability, reliability } from "./reliability.js";
export { ridge } from "./ridge.js";
export { seededError } from "./seeded-error.js";
export { tQuantile, tTail } from "./student-t.js";
export {
  type Equivalence,
  type Estimate,
  estimateOf,
  twoOneSidedTests,
  type Verdict,
  type VerdictRule,
  verdictOf,
} from "./verdict.js";
