import type { Effect } from "./effect.js";

/** Two-sided 95% quantiles of Student's t for 1 … 30 degrees of freedom. */
const studentQuantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/**
 * A statistic with a 95% interval from leaving out one group at a time (Tukey's jackknife, Student's t with n − 1
 * degrees of freedom). Mixtures of the same few domains are not independent; domains are what may be left out.
 *
 * @param groups the groups, such as domain names
 * @param statistic the statistic over all rows, or over the rows that do not involve `without`
 * @throws Error if there are fewer than two groups
 */
export function jackknife<T>(groups: readonly T[], statistic: (without?: T) => number): Effect {
  const n = groups.length;
  if (n < 2) throw new Error(`An interval over domains needs at least two domains, not ${n}.`);
  const effect = statistic();
  const parts = groups.map((group) => statistic(group));
  const mean = parts.reduce((sum, part) => sum + part, 0) / n;
  // se² = (n − 1)/n Σ (θ₍ᵢ₎ − mean)²
  const variance = ((n - 1) / n) * parts.reduce((sum, part) => sum + (part - mean) ** 2, 0);
  const half = (studentQuantiles[n - 2] ?? 1.96) * Math.sqrt(variance);
  return { effect, low: effect - half, high: effect + half };
}
