/** More of pruning: criteria made of what texts tell, and the types of masks and criteria. */

export { grasp } from "./criteria/grasp.js";
export { snip } from "./criteria/snip.js";
export { wanda } from "./criteria/wanda.js";
export type { CriterionName } from "./criterion.js";
export type { LayersByFsd } from "./layers-to-prune.js";
export type { KeptShares, Pruned } from "./prune.js";
export type { CriterionContext, CriterionFunction } from "./scores.js";
