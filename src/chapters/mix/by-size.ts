import { mean } from "simple-statistics";
import type { MixtureResult } from "./mixtures.js";

/** Mixture results of one size. */
export interface SizeSummary {
  size: number;
  tests: number;
  /** Accuracies are shares of the test examples, averaged over the tests of the size. */
  accuracy: number;
  worst: number;
  best: number;
  /** As dilution and interference, NaN where some mixture of the size is of adapters that do not share a start. */
  diluted: number;
  /** In points, averaged. */
  drop: number;
  dilution: number;
  interference: number;
}

/** Averages mixture results by the number of adapters mixed. */
export function summariseBySize(results: readonly MixtureResult[]): SizeSummary[] {
  const sizes = [...new Set(results.map(({ size }) => size))].sort((a, b) => a - b);
  return sizes.map((size) => {
    const rows = results.filter((row) => row.size === size);
    const average = (value: (row: MixtureResult) => number) => mean(rows.map(value));
    const accuracies = rows.map(({ accuracy }) => accuracy);
    return {
      size,
      tests: rows.length,
      accuracy: average((row) => row.accuracy),
      worst: Math.min(...accuracies),
      best: Math.max(...accuracies),
      diluted: average((row) => row.diluted),
      drop: average((row) => row.drop),
      dilution: average((row) => row.dilution),
      interference: average((row) => row.interference),
    };
  });
}
