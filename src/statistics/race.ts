import type { Effect } from "./effect.js";
import { type PairedCounts, pairedDifference } from "./paired-difference.js";

/** Where the loss of a mixture lies: surely below the margin, surely above, or neither. */
export type RaceState = "below" | "above" | "open";

/** How a race is run. */
export interface RaceRule {
  /** The loss that decides, as a share of the examples. */
  margin: number;
  /** Level of the interval over all looks together, such as 0.95. */
  level: number;
}

/** Examples of the first look; each later look takes twice as many. */
const FIRST_LOOK = 64;

/** Share of the error that the last look may make; the earlier ones have the rest between them. */
const LAST_SHARE = 0.8;

/** Numbers of examples after which a race looks: 64, 128, 256 …, as long as half as many more are left, and all. */
export function raceLooks(rows: number): number[] {
  const looks: number[] = [];
  for (let look = FIRST_LOOK; look <= rows / 1.5; look *= 2) looks.push(look);
  return [...looks, rows];
}

/**
 * The level of the interval at each look, so that the chance that any of them misses the truth is at most 1 − level
 * (Bonferroni, most of it kept for the last look: stopping early pays only where the case is plain).
 */
export function lookLevels(looks: number, level: number): number[] {
  const error = 1 - level;
  if (looks === 1) return [level];
  const early = 1 - (error * (1 - LAST_SHARE)) / (looks - 1);
  return Array.from({ length: looks }, (_, look) => (look === looks - 1 ? 1 - error * LAST_SHARE : early));
}

/** Where a race stands at one look. */
export function lookAt(
  counts: PairedCounts,
  rule: Pick<RaceRule, "margin">,
  level: number,
): { lost: Effect; state: RaceState } {
  const lost = pairedDifference(counts, level);
  const state = lost.high < rule.margin ? "below" : lost.low > rule.margin ? "above" : "open";
  return { lost, state };
}
