/** More of pruning: masks' and criteria's types. */

export type { CriterionName } from "./criterion.js";
export type { LayersByFsd } from "./layers-to-prune.js";
export type { KeptShares, Pruned } from "./prune.js";
export type { CriterionContext, CriterionFunction } from "./scores.js";
