import { mean } from "simple-statistics";
import { madeFrom } from "../../results/origin.js";
import type { PoolSpread } from "./regret.js";

/** What choosing on the test examples claims at one size, averaged over targets. Shares of the test examples. */
export interface LuckRow {
  size: number;
  /** Mixtures of the size with one target. */
  mixtures: number;
  mean: number;
  crossFitted: number;
  /** The best on test, chosen and scored on the same examples. */
  testChosen: number;
  /** What the best on test would gain over the mean if all were equally good. */
  luck: number;
}

/** What the best on test gains and how much of that is luck, by the number mixed. */
export function luckBySize(spread: readonly PoolSpread[]): LuckRow[] {
  return [...new Set(spread.map(({ size }) => size))].map((size) => {
    const rows = spread.filter((row) => row.size === size);
    const average = (value: (row: PoolSpread) => number) => mean(rows.map(value));
    const row: LuckRow = {
      size,
      mixtures: rows[0].mixtures,
      mean: average((row) => row.mean),
      crossFitted: average(({ crossFitted }) => crossFitted),
      testChosen: average(({ testChosen }) => testChosen),
      luck: average(({ luck }) => luck),
    };
    return madeFrom(row, rows);
  });
}
