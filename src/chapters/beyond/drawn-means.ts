import { mean } from "simple-statistics";
import type { Effect } from "../../statistics/effect.js";
import { type ClaimRow, claimMean } from "../../study/claim-effects.js";

/** Means with their intervals, as figures take them. */
export interface DrawnMeans {
  values: number[];
  low: number[];
  high: number[];
}

/**
 * The mean over each group of rows, with its 95% interval over targets; where targets are too few for one, both its ends are
 * the mean.
 */
export function drawnMeans<Row extends ClaimRow>(
  groups: readonly (readonly Row[])[],
  value: (row: Row) => number,
): DrawnMeans {
  const means = groups.map((rows): Effect => {
    const found = claimMean(rows, value, [...new Set(rows.map(({ target }) => target))]);
    const effect = mean(rows.map(value));
    return "undecided" in found ? { effect, low: effect, high: effect } : found;
  });
  return {
    values: means.map(({ effect }) => effect),
    low: means.map(({ low }) => low),
    high: means.map(({ high }) => high),
  };
}
