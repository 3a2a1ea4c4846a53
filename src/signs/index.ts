/** More of signs: doses of agreement, and what comparisons take and give, as types. */
export type { ParameterScope, SignScope } from "./adapter-signs.js";
export { type AdapterSpreads, type DrawnAdapter, spreadsOf, type TensorSpread } from "./by-distance.js";
export type { SetForm } from "./chance.js";
export type { ComparableOptions } from "./comparable.js";
export { withSignAgreement, withStartShared } from "./dose.js";
export type { FlipShareOptions } from "./flip-share.js";
export type { SignCounts, SignDifferenceOptions } from "./sign-difference.js";
export { compareSetSigns, type SetDifference, type SetDifferenceOptions } from "./sign-difference-of-set.js";
export { compareSubsetSigns, type SubsetDifferences } from "./sign-difference-of-subsets.js";
export { packSigns, type SignMap, type SignSource } from "./sign-map.js";
