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
export { type BestOf, bestOf, luckOfBest, type Score } from "./cross-fit.js";
export { type Effect, type Side, scaleEffect, sideOf } from "./effect.js";
export { jackknife } from "./jackknife.js";
export { overTargets } from "./over-targets.js";
export { seededError } from "./seeded-error.js";
