import { mean } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import type { Figure } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import { madeFrom } from "../../results/origin.js";
import { claimMean } from "../../study/claim-effects.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import { drawnMeans } from "./drawn-means.js";
import type { WayRow } from "./measure.js";
import { decideBeyond, inPoints, readPredictions } from "./predictions.js";

/**
 * Of each way and mixture the rows of the strength with the highest accuracy on dev examples, averaged over the members; of
 * equals the smallest.
 */
export function chosenOnDev(rows: readonly WayRow[]): WayRow[] {
  const mixtures = new Map<string, WayRow[]>();
  for (const row of rows) {
    const key = `${row.method}/${row.way}/${row.members.join("+")}`;
    mixtures.set(key, [...(mixtures.get(key) ?? []), row]);
  }
  return [...mixtures.values()].flatMap((own) => {
    const strengths = [...new Set(own.map(({ strength }) => strength))].sort((a, b) => a - b);
    const dev = (strength: number) =>
      mean(own.filter((row) => row.strength === strength).map(({ devAccuracy }) => devAccuracy));
    const best = strengths.reduce((chosen, strength) => (dev(strength) > dev(chosen) + 1e-12 ? strength : chosen));
    return own.filter(({ strength }) => strength === best);
  });
}

/** The numbers of the question on strength, in the order of its predictions. */
export function strengthEffects(rows: readonly WayRow[], targets: readonly string[]): ClaimEffect[] {
  const tuned = chosenOnDev(rows);
  const largest = Math.max(...rows.map(({ size }) => size));
  const plain = plainRows(rows);
  const spared = tuned
    .filter(({ size }) => size === largest)
    .map((row) => ({ ...row, spared: (plain.get(keyOf(row)) as WayRow).drop - row.drop }));
  const ofThree = tuned.filter(({ size }) => size === 3);
  return [claimMean(spared, (row) => row.spared, targets), claimMean(ofThree, ({ drop }) => drop, targets)].map(
    (effect) => madeFrom(effect, rows),
  );
}

/** Mean drop against the number mixed: the plain average, and the strength that dev chose. */
export function strengthFigure(rows: readonly WayRow[]): Figure {
  const sizes = sizesOf(rows);
  const line = (name: string, own: readonly WayRow[]) => {
    const bySize = sizes.map((size) => own.filter((row) => row.size === size));
    const { values: y, low, high } = drawnMeans(bySize, ({ drop }) => drop);
    return { name, x: sizes, y, low, high };
  };
  const lines = [
    line("plain average", [...plainRows(rows).values()]),
    line("strength chosen on dev", chosenOnDev(rows)),
  ];
  return madeFrom(
    lineFigure(lines, {
      title: "Accuracy lost by mixing, at strength one and at the best strength",
      subtitle: "bands: 95% intervals over all domains",
      ...{ x: "adapters mixed", y: "accuracy lost (points)", width: 760 },
      levels: [{ name: "three points (claim F4)", y: 3 }],
    }),
    rows,
  );
}

/** One row a size and strength: what is lost on the test examples, and what dev says. */
export function strengthTable(rows: readonly WayRow[]): Cells[] {
  const keys = [...new Set(rows.map(({ size, strength }) => `${size}/${strength}`))];
  const cells = keys.map((key) => {
    const own = rows.filter(({ size, strength }) => `${size}/${strength}` === key);
    return {
      "adapters mixed": own[0].size,
      strength: own[0].strength,
      "lost on test (points)": mean(own.map(({ drop }) => drop)),
      "right on dev (%)": 100 * mean(own.map(({ devAccuracy }) => devAccuracy)),
    };
  });
  return madeFrom(cells, rows);
}

/** What is left of "mix at most three" once the strength is tuned. */
export function describeStrengths(rows: readonly WayRow[], targets: readonly string[]): string {
  const effects = strengthEffects(rows, targets);
  const [spared, three] = effects;
  const verdicts = readPredictions("strength").map((one, i) => decideBeyond(one, effects[i]));
  const tuned = chosenOnDev(rows);
  const sizes = sizesOf(rows);
  const strengths = sizes.map((size) => {
    const own = tuned.filter((row) => row.size === size);
    return `${formatFixed(mean(own.map(({ strength }) => strength)), 1)} for ${size}`;
  });
  return (
    `The strength that dev chooses is, on average, ${strengths.join(", ")}. Of the drop at ${sizes[sizes.length - 1]} it spares ` +
    `${inPoints(spared)} (${verdicts[0]}). Three adapters still lose ${inPoints(three)} at their best strength (that this is less than ` +
    `three points: ${verdicts[1]}).`
  );
}

/** Every number of adapters mixed, rising. */
export function sizesOf(rows: readonly WayRow[]): number[] {
  return [...new Set(rows.map(({ size }) => size))].sort((a, b) => a - b);
}

/** A target and its mixture: what rows of two ways or strengths are paired by. */
export const keyOf = ({ method, target, members }: WayRow) => `${method}/${target}/${members.join("+")}`;

/** The rows at strength one, by method, target and mixture. */
function plainRows(rows: readonly WayRow[]): Map<string, WayRow> {
  return new Map(rows.filter(({ strength }) => strength === 1).map((row) => [keyOf(row), row]));
}
