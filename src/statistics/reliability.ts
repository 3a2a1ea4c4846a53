import { correlation, ranksWithin } from "./correlation.js";

/** How far one seed's values tell those of another. */
export interface Reliability {
  /** Mean correlation of two seeds' values, within strata. */
  oneSeed: number;
  /** The same of the mean over all seeds, by Spearman and Brown: k r/(1 + (k − 1) r). */
  meanOfSeeds: number;
  seeds: number;
}

/**
 * Reliability over seeds of what is to be correlated, by ranks within strata: no correlation with anything can be expected
 * above the root of the product of two reliabilities, so it stands beside every correlation.
 *
 * @param bySeed one row for each seed, of one value for each case, in one order; NaN where a case is missing
 * @throws if there are fewer than two seeds or their cases differ in number
 */
export function reliability(bySeed: readonly (readonly number[])[], strata: readonly (string | number)[]): Reliability {
  const seeds = bySeed.length;
  if (seeds < 2) throw new Error(`Reliability compares two seeds or more, not ${seeds}.`);
  if (bySeed.some((values) => values.length !== strata.length)) {
    throw new Error(`Each seed needs ${strata.length} values, one for each case.`);
  }
  const between: number[] = [];
  for (let a = 0; a < seeds; a++) {
    for (let b = 0; b < a; b++) {
      const both = strata.flatMap((_, i) =>
        Number.isFinite(bySeed[a][i]) && Number.isFinite(bySeed[b][i]) ? [i] : [],
      );
      const ranked = (values: readonly number[]) =>
        ranksWithin(
          both.map((i) => values[i]),
          both.map((i) => strata[i]),
        );
      between.push(correlation(ranked(bySeed[a]), ranked(bySeed[b])));
    }
  }
  const oneSeed = between.reduce((sum, value) => sum + value, 0) / between.length;
  return { oneSeed, meanOfSeeds: (seeds * oneSeed) / (1 + (seeds - 1) * oneSeed), seeds };
}

/** The largest correlation to be expected of two measures of these reliabilities, √(r_x r_y); 0 where one has none. */
export function correlationCeiling(x: number, y: number): number {
  return x > 0 && y > 0 ? Math.sqrt(x * y) : 0;
}
