/** More of mixing: what greedy growth, subsets and similarity take and give, as types. */

export { normalizeCoefficients } from "./coefficients.js";
export { type GreedyMixture, type GreedyOptions, type GreedyStep, greedyPath } from "./greedy.js";
export type { PruneThenMixOptions } from "./prune-then-mix.js";
export type { SimilarityOptions } from "./similarity.js";
export type { SparseMixing, SparseMixingOptions } from "./sparse-mixing.js";
export type { VectorStrategyName } from "./strategies.js";
export type { EnumerateOptions } from "./subsets.js";
export type { Majority } from "./ties.js";
