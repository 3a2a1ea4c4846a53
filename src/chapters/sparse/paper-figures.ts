import { mean } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import type { Figure } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import { paperTrace, withPaper } from "../../figures/paper-trace.js";
import { madeFrom } from "../../results/origin.js";
import { describeSource, type PaperNumbers } from "../../study/paper.js";

/** Mixtures of one size, averaged over domains, as points beside the single adapters. */
export interface SparseSizeRow {
  size: number;
  /** The best dense mixture. */
  denseBest: number;
  /** Sparse mixtures by name, such as "80%, 3 layers". */
  sparse: Readonly<Record<string, number>>;
}

/** The paper's figure 8b as points beside its single dense adapters. How many layers it pruned it does not say. */
export function paperSparseSizes(paper: PaperNumbers): SparseSizeRow[] {
  const { rows } = paper.sparseMixtures;
  const single = rows[0].denseMax;
  return rows.map(({ size, denseMax, sparse80, sparse90 }) => ({
    ...{ size, denseBest: denseMax - single, sparse: { "80%": sparse80 - single, "90%": sparse90 - single } },
  }));
}

/** Sparse mixtures by size beside the best dense mixture, ours and the paper's figure 8b on the same axes. */
export function sparseBySizeFigure(rows: readonly SparseSizeRow[], paper: PaperNumbers): Figure {
  const sizes = rows.map(({ size }) => size);
  const names = [...new Set(rows.flatMap(({ sparse }) => Object.keys(sparse)))];
  const figure = lineFigure(
    [
      { name: "best dense mixture", x: sizes, y: rows.map(({ denseBest }) => denseBest) },
      ...names.map((name) => ({
        name: `sparse, ${name}`,
        x: sizes,
        y: rows.map(({ sparse }) => sparse[name] ?? Number.NaN),
      })),
    ],
    {
      title: "Sparse mixtures beside the best dense mixture, by size",
      subtitle: `grey: ${describeSource(paper, paper.sparseMixtures)}, which does not say how many layers are pruned`,
      ...{ x: "adapters mixed (k)", y: "points beside the single adapters", width: 900, height: 480 },
    },
  );
  const theirs = paperSparseSizes(paper);
  const x = theirs.map(({ size }) => size);
  const known = [
    paperTrace({
      name: "paper, best dense",
      x,
      y: theirs.map(({ denseBest }) => denseBest),
      symbol: "triangle-up-open",
    }),
    ...(["80%", "90%"] as const).map((name, i) =>
      paperTrace({
        ...{ name: `paper, sparse ${name}`, x, symbol: ["circle-open", "square-open"][i] },
        y: theirs.map(({ sparse }) => sparse[name]),
      }),
    ),
  ];
  return madeFrom(withPaper(figure, known), rows);
}

/** One sentence: sparse minus best dense, mean over sizes from two, here and in the paper. */
export function describeSparseSizes(rows: readonly SparseSizeRow[], paper: PaperNumbers): string {
  const gains = (some: readonly SparseSizeRow[]) => {
    const mixed = some.filter(({ size }) => size > 1);
    const names = [...new Set(mixed.flatMap(({ sparse }) => Object.keys(sparse)))];
    return names
      .map((name) => {
        const own = mixed.filter(({ sparse }) => name in sparse);
        return `${name} ${formatFixed(mean(own.map((row) => row.sparse[name] - row.denseBest)), 1)}`;
      })
      .join(", ");
  };
  return `Sparse minus the best dense mixture of the size, in points: ${gains(rows)}; in the paper ${gains(paperSparseSizes(paper))}.`;
}
