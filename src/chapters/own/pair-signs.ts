import type { Adapter } from "../../adapters/adapter.js";
import { cosineSimilarity } from "../../mixing/similarity.js";
import { expectedSignDifference } from "../../signs/by-distance.js";
import { distanceMoved } from "../../signs/distance-moved.js";
import { sameStart } from "../../signs/same-start.js";
import { fractionOfSignDifference } from "../../signs/sign-difference.js";
import type { PairSigns } from "./advice.js";

/**
 * What the weights of two adapters say, without data: FSD against chance, whether they share a start, and how far they
 * moved. None of it is a verdict: nothing here says how well it predicts what mixing costs.
 *
 * @throws naming the difference, where the two cannot be compared
 */
export function pairSigns(a: Adapter, b: Adapter, options: { anyEncoder?: boolean } = {}): PairSigns {
  const { overall, chance } = fractionOfSignDifference(a, b, options);
  const same = sameStart(a, b);
  const moved = ({ seed }: Adapter, adapter: Adapter) => (seed === undefined ? null : distanceMoved(adapter));
  const known = a.seed !== undefined && b.seed !== undefined && !options.anyEncoder;
  return {
    fsd: overall,
    chance,
    cosine: cosineSimilarity(a, b),
    sameStart: same ?? null,
    expected: known ? expectedSignDifference(a, b) : null,
    moved: [moved(a, a), moved(b, b)],
  };
}

/** One sentence on what the signs of a pair say, for a pair that was not tested. */
export function describeSigns({ fsd, chance, sameStart }: PairSigns): string {
  const share = (value: number) => value.toFixed(3);
  const place =
    Math.abs(fsd - chance) < 0.01 ? "as coins would" : fsd < chance ? "less than coins would" : "more than coins would";
  const start =
    sameStart === null
      ? "their start is not known"
      : sameStart
        ? "they began from the same numbers"
        : "they began from different numbers, so half of their signs differed before training";
  return `their signs differ at ${share(fsd)} of the weights, ${place} (${share(chance)}); ${start}.`;
}
