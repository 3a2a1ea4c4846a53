import type { Adapter } from "../../adapters/adapter.js";
import { cosineSimilarity } from "../../mixing/similarity.js";
import { expectedSignDifference } from "../../signs/by-distance.js";
import { distanceMoved } from "../../signs/distance-moved.js";
import { sameStart } from "../../signs/same-start.js";
import { fractionOfSignDifference } from "../../signs/sign-difference.js";
import type { PairSigns } from "./advice.js";
import { foretellLoss, ofSameEncoder } from "./foretell-loss.js";

/**
 * What the weights of two adapters say, without data: FSD against chance, whether they share a start, how far they moved,
 * and what this foretells of their average, with its known error. None of it is a verdict.
 *
 * @throws naming the difference, where the two cannot be compared
 */
export function pairSigns(a: Adapter, b: Adapter, options: { anyEncoder?: boolean } = {}): PairSigns {
  const { overall, chance } = fractionOfSignDifference(a, b, options);
  const same = sameStart(a, b);
  const moved = (one: Adapter) => (one.seed === undefined ? null : distanceMoved(one));
  const known = a.seed !== undefined && b.seed !== undefined && !options.anyEncoder;
  return {
    fsd: overall,
    chance,
    cosine: cosineSimilarity(a, ofSameEncoder(a, b, options.anyEncoder)),
    sameStart: same ?? null,
    expected: known ? expectedSignDifference(a, b) : null,
    moved: [moved(a), moved(b)],
    foretold: foretellLoss(a, b, options),
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
