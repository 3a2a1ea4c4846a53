import { spreadsOf } from "../../signs/by-distance.js";
import { fractionOfSignDifference } from "../../signs/sign-difference.js";
import { defineUnit, type Ran } from "../../study/define-unit.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import { countSigns, type SignCounts } from "./count-signs.js";

/** What is counted on two adapters, with the sign difference of their changes from the start. */
export interface SignsResult extends SignCounts {
  fsdOfChange: number;
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
    const { overall: fsdOfChange } = fractionOfSignDifference(a.adapter, b.adapter, { weights: "change" });
    return { ...countSigns(a, b), fsdOfChange };
  },
});
