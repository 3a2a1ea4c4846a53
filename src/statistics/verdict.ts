import type { Effect } from "./effect.js";
import { tQuantile, tTail } from "./student-t.js";

/** A statistic with its standard error, and the interval that follows from it. */
export interface Estimate extends Effect {
  standardError: number;
  degreesOfFreedom: number;
}

/**
 * What a claim's interval says. `holds`: all of it lies where the claim says. `fails`: all of it lies elsewhere.
 * `unclear`: it reaches over or touches the margin.
 */
export type Verdict = "holds" | "fails" | "unclear";

/** Where a claim says that a statistic lies: above or below a margin, or within ± the margin. */
export interface VerdictRule {
  direction: "above" | "below" | "within";
  margin: number;
}

/**
 * Applies a rule to an interval and to nothing else.
 * @throws if the interval does not hold the effect, or has no number
 */
export function verdictOf({ direction, margin }: VerdictRule, { effect, low, high }: Effect): Verdict {
  if (!(low <= effect && effect <= high)) {
    throw new Error(`The interval [${low}, ${high}] does not hold the effect ${effect}.`);
  }
  if (direction === "within") {
    if (!(margin > 0)) throw new Error(`A rule "within" needs a margin above 0, not ${margin}.`);
    if (low > -margin && high < margin) return "holds";
    return low > margin || high < -margin ? "fails" : "unclear";
  }
  const above = low > margin;
  const below = high < margin;
  if (!above && !below) return "unclear";
  return above === (direction === "above") ? "holds" : "fails";
}

/** The interval effect ± t·se at 95%, or another level. */
export function estimateOf(effect: number, standardError: number, degreesOfFreedom: number, level = 0.95): Estimate {
  const half = tQuantile((1 + level) / 2, degreesOfFreedom) * standardError;
  return { effect, low: effect - half, high: effect + half, standardError, degreesOfFreedom };
}

/** Two one-sided tests of |effect| < margin. */
export interface Equivalence {
  /** P of what was seen, or more, if the effect were −margin; and if it were +margin. */
  aboveLower: number;
  belowUpper: number;
  /** The larger of the two: the p of equivalence. */
  p: number;
  /** The 90% interval, which lies within ±margin just where p < 0.05. */
  interval: Effect;
}

/**
 * Two one-sided tests (Schuirmann 1987): that a statistic lies within ±margin, a margin fixed beforehand.
 * A large p says that equality was not shown, not that there is a difference.
 */
export function twoOneSidedTests(
  { effect, standardError, degreesOfFreedom }: Pick<Estimate, "effect" | "standardError" | "degreesOfFreedom">,
  margin: number,
): Equivalence {
  if (!(margin > 0)) throw new Error(`The margin of equivalence is above 0, not ${margin}.`);
  const tail = (distance: number) =>
    standardError === 0 ? (distance > 0 ? 0 : 1) : tTail(distance / standardError, degreesOfFreedom);
  const aboveLower = tail(effect + margin);
  const belowUpper = tail(margin - effect);
  const { low, high } = estimateOf(effect, standardError, degreesOfFreedom, 0.9);
  return { aboveLower, belowUpper, p: Math.max(aboveLower, belowUpper), interval: { effect, low, high } };
}
