import type { Adapter } from "../adapters/adapter.js";

/** Scores by tensor name, one number to each weight; the lowest are pruned first. */
export type PruneScores = Record<string, Float32Array | Float64Array>;

/** What a criterion may look at beside the weights. */
export interface CriterionContext {
  adapter: Adapter;
  /** Seed of criteria that draw. */
  seed: string | number;
}

/**
 * Scores the weights that may be pruned.
 * @param values the weights, or their change from the start, by tensor name
 */
export type CriterionFunction = (values: PruneScores, context: CriterionContext) => PruneScores;
