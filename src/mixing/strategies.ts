import { dare } from "./strategies/dare.js";
import { dareTies } from "./strategies/dare-ties.js";
import { magnitudePrune } from "./strategies/magnitude-prune.js";
import { ties } from "./strategies/ties.js";

/** Every strategy that acts on vectors, by name: one file, and one line here. */
export const strategies = { ties, dare, dare_ties: dareTies, magnitude_prune: magnitudePrune };

/** The name of a strategy that acts on vectors. */
export type VectorStrategyName = keyof typeof strategies;

export function isVectorStrategy(name: string): name is VectorStrategyName {
  return Object.hasOwn(strategies, name);
}
