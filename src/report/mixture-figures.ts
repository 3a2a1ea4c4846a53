import type { MixtureResult } from "../experiments/mixtures.js";
import type { Figure, Level } from "./figure.js";
import { lineFigure } from "./line-figure.js";
import { type PointGroup, scatterFigure } from "./scatter-figure.js";

/** Mixture results of one size. */
export interface SizeSummary {
  size: number;
  tests: number;
  /** Accuracies are shares of the test examples, averaged over the tests of the size. */
  accuracy: number;
  worst: number;
  best: number;
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
    const mean = (value: (row: MixtureResult) => number) =>
      rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
    const accuracies = rows.map(({ accuracy }) => accuracy);
    return {
      size,
      tests: rows.length,
      accuracy: mean((row) => row.accuracy),
      worst: Math.min(...accuracies),
      best: Math.max(...accuracies),
      diluted: mean((row) => row.diluted),
      drop: mean((row) => row.drop),
      dilution: mean((row) => row.dilution),
      interference: mean((row) => row.interference),
    };
  });
}

/** In-domain accuracy against the number of adapters mixed, with the dilution control and any floors and ceilings. */
export function accuracyBySizeFigure(
  results: readonly MixtureResult[],
  options: { subtitle: string; levels?: Level[] },
): Figure {
  const bySize = summariseBySize(results);
  const x = bySize.map(({ size }) => size);
  return lineFigure(
    [
      {
        name: "mixture (mean; band: worst to best)",
        x,
        y: bySize.map(({ accuracy }) => accuracy),
        low: bySize.map(({ worst }) => worst),
        high: bySize.map(({ best }) => best),
      },
      { name: "own adapter, diluted by 1/k", x, y: bySize.map(({ diluted }) => diluted) },
    ],
    {
      title: "In-domain accuracy against the number of adapters mixed",
      subtitle: options.subtitle,
      x: "adapters mixed (k)",
      y: "accuracy on the test examples (%)",
      percent: "y",
      levels: options.levels,
    },
  );
}

/** A mixture result with the sign difference of its members as seen from the target. */
export interface HarmRow extends MixtureResult {
  fsd: number;
}

/** Change of accuracy against the fraction of sign difference, one colour for each number of adapters mixed. */
export function harmByFsdFigure(rows: readonly HarmRow[], options: { subtitle: string }): Figure {
  const sizes = [...new Set(rows.map(({ size }) => size))].sort((a, b) => a - b);
  const groups: PointGroup[] = sizes.map((size) => {
    const chosen = rows.filter((row) => row.size === size);
    return {
      name: `${size} adapters`,
      x: chosen.map(({ fsd }) => fsd),
      y: chosen.map(({ drop }) => -drop),
      labels: chosen.map(({ target, members }) => `${members.join(" + ")}, tested on ${target}`),
    };
  });
  return scatterFigure(groups, {
    title: "Change of accuracy against sign difference",
    subtitle: options.subtitle,
    x: "fraction of sign difference with the target's adapter (%)",
    y: "change of accuracy (points)",
    percent: "x",
  });
}
