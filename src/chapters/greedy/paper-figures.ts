import { mean } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import type { Figure } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import { paperTrace, withPaper } from "../../figures/paper-trace.js";
import { madeFrom } from "../../results/origin.js";
import { describeSource, type PaperNumbers } from "../../study/paper.js";

/** Mixtures of one size, averaged over domains. Accuracies are shares. */
export interface ChoiceRow {
  size: number;
  /** Of the best, the least-FSD choice, all, the most-FSD choice and the worst. */
  max: number;
  /** Of the cross-fitted best, which no example both chooses and scores; the paper has none. */
  best?: number;
  leastFsd: number;
  mean: number;
  mostFsd: number;
  min: number;
}

const series = [
  { key: "max", name: "best on test", symbol: "triangle-up" },
  { key: "best", name: "best, cross-fitted", symbol: "cross" },
  { key: "leastFsd", name: "least-FSD choice", symbol: "circle" },
  { key: "mean", name: "mean", symbol: "diamond" },
  { key: "mostFsd", name: "most-FSD choice", symbol: "square" },
  { key: "min", name: "worst on test", symbol: "triangle-down" },
] as const;

/**
 * The least- and the most-FSD choice between the best, the mean and the worst mixture, by size, as points below the single
 * adapters (size 1), so that ours and the paper's figure 7 share their axes. `rows` must hold size 1.
 */
export function choicesFigure(rows: readonly ChoiceRow[], paper: PaperNumbers): Figure {
  const own = below(rows, 100);
  const theirs = below(paper.choices.rows, 1);
  const known = (some: readonly ChoiceRow[]) => series.filter(({ key }) => some.every((row) => row[key] !== undefined));
  const xOf = (some: readonly ChoiceRow[]) => some.map(({ size }) => size);
  const yOf = (some: readonly ChoiceRow[], key: (typeof series)[number]["key"]) =>
    some.map((row) => row[key] ?? Number.NaN);
  const figure = lineFigure(
    known(own).map(({ key, name }) => ({ name, x: xOf(own), y: yOf(own, key) })),
    {
      title: "Least-FSD and most-FSD choices between the best and the worst mixture",
      subtitle: `grey: ${describeSource(paper, paper.choices)}`,
      ...{ x: "adapters mixed (k)", y: "points beside the single adapters", width: 900, height: 480 },
    },
  );
  // a mark means the same in both
  const data = figure.data.map((trace, i) => ({
    ...trace,
    marker: { ...(trace.marker as object), symbol: known(own)[i].symbol },
  }));
  const grey = known(theirs).map(({ key, name, symbol }) =>
    paperTrace({ name: `paper, ${name}`, x: xOf(theirs), y: yOf(theirs, key), symbol: `${symbol}-open` }),
  );
  return madeFrom(withPaper({ ...figure, data }, grey), rows);
}

/** Points beside size 1. */
function below(rows: readonly ChoiceRow[], scale: number): ChoiceRow[] {
  const single = rows.find(({ size }) => size === 1);
  if (!single) throw new Error("The choices need their single adapters, size 1, to stand beside the paper's.");
  return rows.map((row) => ({
    size: row.size,
    max: scale * (row.max - single.max),
    ...(row.best === undefined ? {} : { best: scale * (row.best - single.max) }),
    leastFsd: scale * (row.leastFsd - single.max),
    mean: scale * (row.mean - single.max),
    mostFsd: scale * (row.mostFsd - single.max),
    min: scale * (row.min - single.max),
  }));
}

/** One sentence: the least-FSD choice below the best and above the mean, over the sizes between one and all, here and there. */
export function describeChoices(rows: readonly ChoiceRow[], paper: PaperNumbers): string {
  const gaps = (some: readonly ChoiceRow[], scale: number) => {
    const last = Math.max(...some.map(({ size }) => size));
    const between = some.filter(({ size }) => size > 1 && size < last);
    return {
      below: formatFixed(scale * mean(between.map((row) => row.max - row.leastFsd)), 1),
      above: formatFixed(scale * mean(between.map((row) => row.leastFsd - row.mean)), 1),
    };
  };
  const theirs = gaps(paper.choices.rows, 1);
  const there = `in the paper ${theirs.below} and ${theirs.above}.`;
  if (rows.length < 3) return `Two adapters leave nothing to choose: a mixture of them holds both; ${there}`;
  const ours = gaps(rows, 100);
  return `The least-FSD choice is ${ours.below} points below the best on test and ${ours.above} above the mean; ${there}`;
}
