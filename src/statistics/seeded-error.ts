import { mean } from "simple-statistics";

/**
 * Standard error of a mean over the same examples under several seeds. Averaging over seeds first leaves what the examples
 * differ by, which more seeds cannot lessen; the variance between seeds, over their number, is added.
 *
 * @param bySeed one row for each seed, of one value for each example
 */
export function seededError(bySeed: readonly (readonly number[])[]): number {
  const seeds = bySeed.length;
  const examples = bySeed[0].map((_, i) => mean(bySeed.map((row) => row[i])));
  const between = seeds > 1 ? varianceOfMean(bySeed.map((row) => mean([...row]))) : 0;
  return Math.sqrt(varianceOfMean(examples) + between);
}

/** s²/n */
function varianceOfMean(values: readonly number[]): number {
  const centre = mean([...values]);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1) / values.length;
}
