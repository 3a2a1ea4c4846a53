import type { PruneScores } from "../scores.js";

/** |w|: the smallest weights go first. */
export function magnitude(values: PruneScores): PruneScores {
  return Object.fromEntries(Object.entries(values).map(([name, weights]) => [name, weights.map(Math.abs)]));
}
