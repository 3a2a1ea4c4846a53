import type { PruneScores } from "../scores.js";

/** −|w|: the largest weights go first, a control of `magnitude`. */
export function largest(values: PruneScores): PruneScores {
  const negative = (value: number) => -Math.abs(value);
  return Object.fromEntries(Object.entries(values).map(([name, weights]) => [name, weights.map(negative)]));
}
