import { expectedSignDifference, spreadsOf } from "../../signs/by-distance.js";
import { flipShares } from "../../signs/flip-share.js";
import { fractionOfSignDifference } from "../../signs/sign-difference.js";
import { defineUnit, type Ran } from "../../study/define-unit.js";
import { trainedAdapter } from "../../study/trained-adapter.js";

/** How the signs of two adapters go together. Shares are of all parameters. */
export interface SignsResult {
  /** Share at which they differ. */
  fsd: number;
  /** The same of their changes from the start. */
  fsdOfChange: number;
  /** FSD that starts and distances moved give by arithmetic, were the changes independent. */
  expectedFsd: number;
  /** Share of each one's parameters whose sign flips in their mixture. */
  flipShares: number[];
}

/** The row of a `signs` unit. */
export type SignsRow = Ran<SignsResult>;

/** Counts the signs of two trained adapters, named by hash. */
export const signsUnit = defineUnit({
  kind: "signs",
  module: import.meta.url,
  settings: (_study, pair: readonly [string, string]) => ({ of: [...pair] }),
  run(study, { of }): SignsResult {
    const [a, b] = of.map((hash) => spreadsOf(trainedAdapter(study, hash).adapter));
    const overall = (weights: "raw" | "change") => fractionOfSignDifference(a.adapter, b.adapter, { weights }).overall;
    return {
      ...{ fsd: overall("raw"), fsdOfChange: overall("change"), expectedFsd: expectedSignDifference(a, b) },
      flipShares: flipShares([a.adapter, b.adapter]).map((share) => share.overall),
    };
  },
});
