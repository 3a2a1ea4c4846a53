import { sampleCorrelation } from "simple-statistics";
import { rowsOfStrata } from "./permutation.js";

/** Ranks from 1, ties sharing the mean of their ranks. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const result = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) result[order[i]] = (start + 1 + end) / 2;
    start = end;
  }
  return result;
}

/** Spearman's rank correlation: Pearson's correlation of the ranks. NaN where one side does not vary. */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  return correlation(ranks(x), ranks(y));
}

/**
 * Rank correlation within strata: values are ranked inside each stratum, ranks are centred and scaled to [−½, ½] there,
 * and Pearson's correlation is taken over all strata at once. What differs between strata (target, size) cannot show.
 */
export function rankCorrelationWithin(
  x: readonly number[],
  y: readonly number[],
  strata: readonly (string | number)[],
): number {
  return correlation(ranksWithin(x, strata), ranksWithin(y, strata));
}

/** Partial rank correlation of x and y within strata, given one covariate ranked in the same way. */
export function partialRankCorrelationWithin(
  x: readonly number[],
  y: readonly number[],
  z: readonly number[],
  strata: readonly (string | number)[],
): number {
  const [rx, ry, rz] = [x, y, z].map((values) => ranksWithin(values, strata));
  return partial(correlation(rx, ry), correlation(rx, rz), correlation(ry, rz));
}

/** Ranks inside each stratum, in the order of the rows, centred and scaled to [−½, ½]; 0 in a stratum of one row. */
export function ranksWithin(values: readonly number[], strata: readonly (string | number)[]): number[] {
  const result = new Array<number>(values.length).fill(0);
  for (const rows of rowsOfStrata(strata)) {
    ranks(rows.map((i) => values[i])).forEach((rank, at) => {
      result[rows[at]] = (rank - (rows.length + 1) / 2) / rows.length;
    });
  }
  return result;
}

/**
 * Partial rank correlation of x and y given one covariate:
 * (ρxy − ρxz ρyz) / √((1 − ρxz²)(1 − ρyz²)).
 */
export function partialRankCorrelation(x: readonly number[], y: readonly number[], z: readonly number[]): number {
  return partial(rankCorrelation(x, y), rankCorrelation(x, z), rankCorrelation(y, z));
}

function partial(xy: number, xz: number, yz: number): number {
  return (xy - xz * yz) / Math.sqrt((1 - xz * xz) * (1 - yz * yz));
}

/** Pearson's correlation; NaN where one side does not vary. */
export function correlation(x: number[], y: number[]): number {
  const varies = (values: number[]) => values.some((value) => value !== values[0]);
  return x.length > 1 && varies(x) && varies(y) ? sampleCorrelation(x, y) : Number.NaN;
}
