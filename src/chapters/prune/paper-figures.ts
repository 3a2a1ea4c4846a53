import { mean } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import type { Figure } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import { methodName } from "../../figures/method-name.js";
import { paperTrace } from "../../figures/paper-trace.js";
import { madeFrom } from "../../results/origin.js";
import { describeSource, type PaperNumbers } from "../../study/paper.js";
import type { PruneResult } from "./pruning-curves.js";

/** Single adapters pruned to one sparsity, averaged over domains. */
export interface SparsityRow {
  /** What is pruned and how, such as "raw weights" or "change". */
  series: string;
  /** Share pruned, 0 … 1. */
  sparsity: number;
  /** Accuracy minus that of the dense adapters, in points. */
  change: number;
}

/** Pruned single adapters averaged over domains and seeds: a series for each method, and for each view where there are two. */
export function sparsityRows(results: readonly PruneResult[]): SparsityRow[] {
  const views = new Set(results.map(({ weights }) => weights)).size;
  const nameOf = ({ method, weights }: PruneResult) =>
    `${methodName(method)}${views > 1 ? `, ${weights === "raw" ? "weights" : "changes"}` : ""}`;
  const key = (row: PruneResult) => JSON.stringify([nameOf(row), row.sparsity]);
  return [...new Set(results.map(key))].map((wanted) => {
    const own = results.filter((row) => key(row) === wanted);
    const [{ sparsity }] = own;
    return madeFrom({ series: nameOf(own[0]), sparsity, change: 0 - mean(own.map(({ loss }) => loss)) }, own);
  });
}

/** The paper's figure 8a as points beside its dense adapters. */
export function paperSparsities(paper: PaperNumbers): SparsityRow[] {
  const dense = paper.choices.rows[0].max;
  return paper.pruning.rows.map(({ sparsity, accuracy }) => ({
    ...{ series: "paper", sparsity: sparsity / 100, change: accuracy - dense },
  }));
}

/** Accuracy against sparsity of single adapters, beside the paper's figure 8a on the same axes. */
export function sparsityFigure(rows: readonly SparsityRow[], paper: PaperNumbers): Figure {
  const names = [...new Set(rows.map(({ series }) => series))];
  const figure = lineFigure(
    names.map((name) => {
      const own = rows.filter(({ series }) => series === name).sort((a, b) => a.sparsity - b.sparsity);
      return { name, x: own.map(({ sparsity }) => 100 * sparsity), y: own.map(({ change }) => change) };
    }),
    {
      title: "Single adapters pruned: accuracy against sparsity",
      subtitle: `grey: ${describeSource(paper, paper.pruning)}`,
      ...{
        x: "weights pruned (%)",
        y: "points beside the dense adapter",
        width: 900,
        xRange: [38, 101] as [number, number],
      },
    },
  );
  const theirs = paperSparsities(paper);
  const { layout } = figure;
  return madeFrom(
    {
      data: [
        ...figure.data,
        paperTrace({
          name: "paper",
          x: theirs.map((row) => 100 * row.sparsity),
          y: theirs.map(({ change }) => change),
        }),
      ],
      layout: {
        ...layout,
        xaxis: { ...(layout.xaxis as object), tickmode: "array", tickvals: [40, 50, 60, 70, 80, 90, 100] },
      },
    },
    rows,
  );
}

/** One sentence on the loss at a sparsity, here and in the paper. */
export function describeSparsity(rows: readonly SparsityRow[], paper: PaperNumbers, sparsity = 0.9): string {
  const at = (some: readonly SparsityRow[]) => some.filter((row) => Math.abs(row.sparsity - sparsity) < 1e-9);
  const [ours, [theirs]] = [at(rows), at(paperSparsities(paper))];
  const percent = `${formatFixed(100 * sparsity, 0)}%`;
  if (ours.length === 0) return `Nothing was pruned to ${percent}.`;
  const parts = ours.map(({ series, change }) => `${series} ${formatFixed(change, 1)}`);
  const known = theirs ? `; in the paper ${formatFixed(theirs.change, 1)}` : "";
  return `At ${percent} sparsity accuracy changes by, in points: ${parts.join(", ")}${known}.`;
}
