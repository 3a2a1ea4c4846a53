/** More of mixing: DELLA, ways that look at texts or singular values, ensembles, and what greedy growth, subsets and similarity take and give. */

export { normalizeCoefficients } from "./coefficients.js";
export { type DellaOptions, dellaMix } from "./della.js";
export { ensemble } from "./ensemble.js";
export { type EntropyMember, type EntropyMixture, type EntropyOptions, entropyMix } from "./entropy.js";
export { fisherAverage } from "./fisher.js";
export { type GreedyMixture, type GreedyOptions, type GreedyStep, greedyPath } from "./greedy.js";
export { isotropicMix } from "./isotropic.js";
export type { PruneThenMixOptions } from "./prune-then-mix.js";
export { regMean } from "./regmean.js";
export type { SimilarityOptions } from "./similarity.js";
export type { SingularOptions } from "./singular-mix.js";
export { singularVectorMix } from "./singular-vectors.js";
export type { SparseMixing, SparseMixingOptions } from "./sparse-mixing.js";
export type { VectorStrategyName } from "./strategies.js";
export type { EnumerateOptions } from "./subsets.js";
export type { Majority } from "./ties.js";
