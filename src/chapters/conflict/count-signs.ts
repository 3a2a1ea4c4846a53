import { type AdapterSpreads, expectedSignDifference } from "../../signs/by-distance.js";
import { flipShares } from "../../signs/flip-share.js";
import { fractionOfSignDifference } from "../../signs/sign-difference.js";

/** How the signs of two adapters go together, in either order. Shares are of all parameters. */
export interface SignCounts {
  /** Share at which they differ. */
  fsd: number;
  /** FSD that starts and distances moved give by arithmetic, were the changes independent. */
  expectedFsd: number;
  /** Share of each one's parameters whose sign flips in their mixture. */
  flipShares: number[];
}

/** Counts the signs of two adapters. */
export function countSigns(a: AdapterSpreads, b: AdapterSpreads): SignCounts {
  return {
    fsd: fractionOfSignDifference(a.adapter, b.adapter).overall,
    expectedFsd: expectedSignDifference(a, b),
    flipShares: flipShares([a.adapter, b.adapter]).map((share) => share.overall),
  };
}
