import { type AdapterSpreads, expectedFlipShares, spreadsOf } from "../../signs/by-distance.js";
import { flipShares } from "../../signs/flip-share.js";
import { defineUnit } from "../../study/define-unit.js";
import { trainedAdapter } from "../../study/trained-adapter.js";

/** What is counted on mixtures of some of a list of adapters. Shares are of all parameters. */
export interface FlipCounts {
  /** For every set, the share of each member's parameters whose sign flips in the mixture. */
  flips: number[][];
  /** What starts and distances moved give by arithmetic, were the changes independent. */
  expected: number[][];
}

/** Counts the flips of mixtures of trained adapters; sets are lists of positions among the adapters. */
export function countFlips(spreads: readonly AdapterSpreads[], sets: readonly (readonly number[])[]): FlipCounts {
  const members = sets.map((set) => set.map((i) => spreads[i]));
  return {
    flips: members.map((own) => flipShares(own.map(({ adapter }) => adapter)).map(({ overall }) => overall)),
    expected: members.map((own) => expectedFlipShares(own)),
  };
}

/** Counts the flips of mixtures of trained adapters, named by hash, for profiles whose adapters are not kept with their rows. */
export const flipsUnit = defineUnit({
  kind: "flips",
  module: import.meta.url,
  settings: (_study, { of, sets }: { of: readonly string[]; sets: readonly (readonly number[])[] }) => ({
    of: [...of],
    sets: sets.map((set) => [...set]),
  }),
  run: (study, { of, sets }): FlipCounts =>
    countFlips(
      of.map((hash) => spreadsOf(trainedAdapter(study, hash).adapter)),
      sets,
    ),
});
