import { madeFrom } from "../../results/origin.js";
import { type AdapterSpreads, spreadsOf } from "../../signs/by-distance.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import type { TrainRow } from "../train/train-unit.js";
import { countSigns, type SignCounts } from "./count-signs.js";
import { signsUnit } from "./signs-unit.js";

/** How the signs of a target and its partner go together. Shares are of all parameters. */
export interface PairSigns extends Pick<SignCounts, "fsd" | "expectedFsd"> {
  /** Share of the target's parameters whose sign flips in the mixture of the two. */
  flipShare: number;
}

/** Two adapters by their hashes; a pair is counted once, whichever of the two is the target. */
type InOrder = [string, string];

/**
 * The signs of pairs of adapters, target first. They are counted on the adapters; where the profile stores what it counts
 * (`storeSigns`, since it commits no adapters), they are rows like others, and read where they are stored.
 */
export async function pairSigns(
  study: Study,
  pairs: readonly (readonly [target: TrainRow, partner: TrainRow])[],
  options: RunOptions = {},
): Promise<PairSigns[]> {
  const inOrder = pairs.map(([{ adapter: a }, { adapter: b }]): InOrder => (a < b ? [a, b] : [b, a]));
  const counts = study.settings.storeSigns ? await signsUnit.rows(study, inOrder, options) : countedOn(study, inOrder);
  return pairs.map(([{ adapter }], i) => {
    const { fsd, expectedFsd, flipShares } = counts[i];
    return madeFrom({ fsd, expectedFsd, flipShare: flipShares[inOrder[i].indexOf(adapter)] }, counts[i]);
  });
}

function countedOn(study: Study, pairs: readonly InOrder[]): SignCounts[] {
  const spreads = new Map<string, AdapterSpreads>();
  const counted = new Map<string, SignCounts>();
  const spreadOf = (hash: string) => kept(spreads, hash, () => spreadsOf(trainedAdapter(study, hash).adapter));
  return pairs.map(([a, b]) => kept(counted, `${a}/${b}`, () => countSigns(spreadOf(a), spreadOf(b))));
}

/** What a map holds by a key; made where it holds nothing. */
function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
