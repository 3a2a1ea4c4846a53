import type { Effect } from "./effect.js";
import { tQuantile } from "./student-t.js";

/**
 * A statistic with a 95% interval from leaving out one group at a time (Tukey's jackknife, Student's t with n − 1
 * degrees of freedom). Mixtures of the same few domains are not independent; domains are what may be left out.
 * For smooth statistics only: that of a maximum, a minimum or a median is wrong (Miller 1974).
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
  const half = tQuantile(0.975, n - 1) * Math.sqrt(variance);
  return { effect, low: effect - half, high: effect + half };
}
