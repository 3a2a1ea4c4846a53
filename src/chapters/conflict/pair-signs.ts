import { madeFrom } from "../../results/origin.js";
import { type AdapterSpreads, expectedSignDifference, spreadsOf } from "../../signs/by-distance.js";
import { flipShares } from "../../signs/flip-share.js";
import { fractionOfSignDifference } from "../../signs/sign-difference.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import type { TrainRow } from "../train/train-unit.js";
import { signsUnit } from "./signs-unit.js";

/** How the signs of a target and its partner go together. Shares are of all parameters. */
export interface PairSigns {
  fsd: number;
  /** FSD that starts and distances moved give by arithmetic, were the changes independent. */
  expectedFsd: number;
  /** Share of the target's parameters whose sign flips in the mixture of the two. */
  flipShare: number;
}

/**
 * The signs of pairs of adapters, target first. They are counted on the adapters; where the profile stores what it counts
 * (`storeSigns`, since it commits no adapters), they are rows like others, and read where they are stored.
 */
export async function pairSigns(
  study: Study,
  pairs: readonly (readonly [target: TrainRow, partner: TrainRow])[],
  options: RunOptions = {},
): Promise<PairSigns[]> {
  if (study.settings.storeSigns) return storedSigns(study, pairs, options);
  const spreads = new Map<string, AdapterSpreads>();
  const spreadOf = ({ adapter }: TrainRow) => {
    const known = spreads.get(adapter) ?? spreadsOf(trainedAdapter(study, adapter).adapter);
    spreads.set(adapter, known);
    return known;
  };
  return pairs.map((pair) => {
    const [a, b] = pair.map(spreadOf);
    return {
      fsd: fractionOfSignDifference(a.adapter, b.adapter).overall,
      expectedFsd: expectedSignDifference(a, b),
      flipShare: flipShares([a.adapter, b.adapter])[0].overall,
    };
  });
}

/** A pair stands once among the rows, whichever of the two is the target. */
async function storedSigns(
  study: Study,
  pairs: readonly (readonly [TrainRow, TrainRow])[],
  options: RunOptions,
): Promise<PairSigns[]> {
  const inOrder = pairs.map(([{ adapter: a }, { adapter: b }]): [string, string] => (a < b ? [a, b] : [b, a]));
  const rows = await signsUnit.rows(study, inOrder, options);
  return pairs.map(([{ adapter }], i) => {
    const { fsd, expectedFsd, flipShares: shares } = rows[i];
    return madeFrom({ fsd, expectedFsd, flipShare: shares[inOrder[i].indexOf(adapter)] }, rows[i]);
  });
}
