import { mean } from "simple-statistics";
import { type Effect, notDefined } from "../../statistics/effect.js";
import { jackknife } from "../../statistics/jackknife.js";

import type { MixtureResult } from "./mixtures.js";

/** Which loss of a mixture is measured. */
export type Measure = "drop" | "interference" | "dilution";

/**
 * The mean drop (or interference, or dilution) over mixtures of two and more, in points. Every size counts the same, so that a
 * sample with more tests at large sizes says no more about them. The interval is over target domains. NaN where some
 * mixture's members do not share a start, and so have no dilution.
 */
export function meanHarm(results: readonly MixtureResult[], measure: Measure = "drop"): Effect {
  const mixed = results.filter(({ size }) => size > 1);
  if (mixed.some((row) => Number.isNaN(row[measure]))) {
    return notDefined;
  }
  return jackknife(targetsOf(mixed), (without) => harmOf(mixed, measure, without));
}

/** The largest difference between two methods in their mean drop, in points. */
export function methodDifference(results: readonly MixtureResult[]): Effect {
  const mixed = results.filter(({ size }) => size > 1);
  const methods = [...new Set(mixed.map(({ method }) => method))];
  if (methods.length < 2) throw new Error("Comparing methods needs mixtures of at least two of them.");
  return jackknife(targetsOf(mixed), (without) => {
    const drops = methods.map((method) =>
      harmOf(
        mixed.filter((row) => row.method === method),
        "drop",
        without,
      ),
    );
    return Math.max(...drops) - Math.min(...drops);
  });
}

function targetsOf(results: readonly MixtureResult[]): string[] {
  return [...new Set(results.map(({ target }) => target))];
}

/** Mean over (method, size) cells of the mean over their tests, those of the target `without` left out. */
function harmOf(results: readonly MixtureResult[], measure: Measure, without?: string): number {
  const cells = new Map<string, number[]>();
  for (const row of results) {
    if (row.target === without) continue;
    const key = `${row.method}/${row.size}`;
    const cell = cells.get(key);
    if (cell) cell.push(row[measure]);
    else cells.set(key, [row[measure]]);
  }
  return mean([...cells.values()].map((cell) => mean(cell)));
}
