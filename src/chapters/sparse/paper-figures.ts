import { mean } from "simple-statistics";
import { formatFixed, formatShare } from "../../display/number-format.js";
import type { Figure } from "../../figures/figure.js";
import { gridFigure } from "../../figures/grid.js";
import { lineFigure } from "../../figures/line.js";
import { paperTrace, withPaper } from "../../figures/paper-trace.js";
import { madeFrom } from "../../results/origin.js";
import { describeSource, type PaperNumbers } from "../../study/paper.js";

/** Mixtures of algorithm 4 of one size and form, averaged over domains, in points beside the single dense adapters. */
export interface SparseSizeRow {
  size: number;
  sparsity: number;
  /** m: layers pruned of each adapter, of so many. */
  layers: number;
  ofLayers: number;
  sparse: number;
  /** The cross-fitted best dense mixture. */
  denseBest: number;
  /** The best dense mixture as the paper takes it, chosen and scored on the same examples. */
  denseMax: number;
}

/** The same of the paper, which does not say how many layers it prunes and has no cross-fitted best. */
export type PaperSparseRow = Pick<SparseSizeRow, "size" | "sparsity" | "sparse" | "denseMax">;

/** The paper's figure 8b as points beside its single dense adapters. */
export function paperSparseSizes(paper: PaperNumbers): PaperSparseRow[] {
  const { rows } = paper.sparseMixtures;
  const single = rows[0].denseMax;
  return rows.flatMap(({ size, denseMax, sparse80, sparse90 }) => [
    { size, sparsity: 0.8, sparse: sparse80 - single, denseMax: denseMax - single },
    { size, sparsity: 0.9, sparse: sparse90 - single, denseMax: denseMax - single },
  ]);
}

/**
 * Sparse mixtures by size beside the best dense mixture, ours and the paper's figure 8b on the same axes: a panel for each
 * sparsity, a line for each number of layers pruned.
 */
export function sparseBySizeFigure(rows: readonly SparseSizeRow[], paper: PaperNumbers): Figure {
  const sparsities = [...new Set(rows.map(({ sparsity }) => sparsity))];
  const panels = sparsities.map((sparsity) => ({
    title: `${formatShare(sparsity)} pruned`,
    figure: sparsityPanel(
      rows.filter((row) => row.sparsity === sparsity),
      paperSparseSizes(paper).filter((row) => row.sparsity === sparsity),
    ),
  }));
  return madeFrom(
    gridFigure(panels, {
      title: "Sparse mixtures beside the best dense mixture, by size",
      subtitle: `grey: ${describeSource(paper, paper.sparseMixtures)}, which does not say how many layers are pruned`,
      ...{ columns: 2, width: 900, panelHeight: 340, sharedY: true },
    }),
    rows,
  );
}

function sparsityPanel(rows: readonly SparseSizeRow[], theirs: readonly PaperSparseRow[]): Figure {
  const counts = [...new Set(rows.map(({ layers }) => layers))];
  const first = rows.filter(({ layers }) => layers === counts[0]);
  const line = (name: string, own: readonly SparseSizeRow[], value: (row: SparseSizeRow) => number) => ({
    ...{ name, x: own.map(({ size }) => size), y: own.map(value) },
  });
  const figure = lineFigure(
    [
      line("best dense, on test", first, ({ denseMax }) => denseMax),
      line("best dense, cross-fitted", first, ({ denseBest }) => denseBest),
      ...counts.map((count) =>
        line(
          count === first[0].ofLayers
            ? `sparse, all ${count} layers`
            : `sparse, ${count} of ${first[0].ofLayers} layers`,
          rows.filter(({ layers }) => layers === count),
          ({ sparse }) => sparse,
        ),
      ),
    ],
    { title: "", x: "adapters mixed (k)", y: "points beside the single adapters" },
  );
  const x = theirs.map(({ size }) => size);
  const max = { name: "paper, best dense on test", y: theirs.map(({ denseMax }) => denseMax) };
  const sparse = { name: "paper, sparse", y: theirs.map((row) => row.sparse) };
  return withPaper(
    figure,
    theirs.length === 0 ? [] : [paperTrace({ ...max, x, symbol: "triangle-up-open" }), paperTrace({ ...sparse, x })],
  );
}

/** Sparse minus the best dense mixture on test, mean over sizes from two, here by layers pruned and in the paper. */
export function describeSparseSizes(rows: readonly SparseSizeRow[], paper: PaperNumbers): string {
  const gain = (some: readonly PaperSparseRow[]) => mean(some.map(({ sparse, denseMax }) => sparse - denseMax));
  const mixed = rows.filter(({ size }) => size > 1);
  const parts = [...new Set(mixed.map(({ sparsity }) => sparsity))].map((sparsity) => {
    const own = mixed.filter((row) => row.sparsity === sparsity);
    const gains = [...new Set(own.map(({ layers }) => layers))].map((count) =>
      formatFixed(gain(own.filter(({ layers }) => layers === count))),
    );
    const theirs = paperSparseSizes(paper).filter((row) => row.sparsity === sparsity && row.size > 1);
    const known = theirs.length > 0 ? ` (in the paper ${formatFixed(gain(theirs))})` : "";
    return `at ${formatShare(sparsity)} ${gains.join(", ")}${known}`;
  });
  const most = Math.max(...rows.map(({ layers }) => layers));
  return (
    `Sparse minus the best dense mixture of the size, both as the paper takes them, in points, with 1 to ${most} layers pruned: ` +
    `${parts.join("; ")}.`
  );
}
