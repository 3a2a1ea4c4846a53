import { mean } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import { type Figure, palette, type Trace } from "../../figures/figure.js";
import { gridFigure } from "../../figures/grid.js";
import { heatmapFigure } from "../../figures/heatmap.js";
import { lineFigure } from "../../figures/line.js";
import { paperTrace } from "../../figures/paper-trace.js";
import { scatterFigure } from "../../figures/scatter.js";
import { madeFrom } from "../../results/origin.js";
import { flipShareByDistance } from "../../signs/by-distance.js";
import { rankCorrelation } from "../../statistics/correlation.js";
import { describeSource, type PaperNumbers } from "../../study/paper.js";
import { paperByTarget } from "./paper-association.js";
import { allDistances, blocksByDomain, flipGrowth } from "./paper-starts.js";

/** An FSD matrix with what its order shows: domains that share a start stand together, the least moved first. */
export interface StartsMatrix {
  domains: readonly string[];
  /** FSD as a share, 0 on the diagonal. [domains, domains] */
  matrix: readonly (readonly number[])[];
  /** Equal where two domains share a start. */
  start: readonly (string | number)[];
  moved: readonly number[];
}

/** The paper's matrix (figure 4), with the starts that its blocks show and the distances recomputed from it. */
export function paperMatrix(paper: PaperNumbers): StartsMatrix {
  const rows = allDistances(paper);
  const blocks = blocksByDomain(paper);
  return {
    domains: paper.fsd.domains,
    matrix: paper.fsd.matrix.map((row) => row.map((value) => value / 100)),
    start: paper.fsd.domains.map((domain) => blocks.get(domain) as number),
    moved: rows.map(({ moved }) => moved),
  };
}

/** FSD of every pair as a heatmap whose rows are ordered by start, the largest group first, and by distance moved. */
export function startsHeatmap(signs: StartsMatrix, options: { title: string; subtitle?: string }): Figure {
  const { domains, matrix, start, moved } = signs;
  const size = (i: number) => start.filter((own) => own === start[i]).length;
  const order = domains
    .map((_, i) => i)
    .sort(
      (i, j) => size(j) - size(i) || start.indexOf(start[i]) - start.indexOf(start[j]) || moved[i] - moved[j] || i - j,
    );
  const names = order.map((i) => domains[i]);
  const values = order.map((i) => order.map((j) => (i === j ? Number.NaN : 100 * matrix[i][j])));
  const figure = heatmapFigure(
    { rows: names, columns: names, values },
    {
      ...{ title: options.title, subtitle: options.subtitle, x: "domain", y: "domain, by start and distance" },
      ...{ unit: "FSD (%)", range: [0, 50], digits: 0, width: 760, height: 640 },
    },
  );
  return madeFrom({ ...figure, layout: { ...figure.layout, shapes: blockEdges(order.map((i) => start[i])) } }, signs);
}

/** Lines between groups of one start. */
function blockEdges(starts: readonly (string | number)[]): object[] {
  const line = { color: "#d55e00", width: 2 };
  const reach = { low: -0.5, high: starts.length - 0.5 };
  return starts.flatMap((own, i) => {
    if (i === 0 || own === starts[i - 1]) return [];
    const at = i - 0.5;
    return [
      { type: "line", x0: at, x1: at, y0: reach.low, y1: reach.high, line },
      { type: "line", x0: reach.low, x1: reach.high, y0: at, y1: at, line },
    ];
  });
}

/** A target mixed with one partner. */
export interface PairRow {
  target: string;
  partner: string;
  /** Share of the target's parameters whose sign flips. */
  flipShare: number;
  /** Accuracy of the mixture minus that of the single adapter, in points. */
  change: number;
  sameStart: boolean;
}

/**
 * Accuracy change against flip share of two adapters, a panel for each target: ours by start, and the paper's figure 14,
 * in which the pairs of toxic could not be read off.
 */
export function pairPanelsFigure(
  rows: readonly PairRow[],
  paper: PaperNumbers,
  options: { columns?: number } = {},
): Figure {
  const targets = [...new Set(rows.map(({ target }) => target))];
  const panels = targets.map((target) => {
    const data: Trace[] = [];
    for (const [kind, same] of [true, false].entries()) {
      const own = rows.filter((row) => row.target === target && row.sameStart === same);
      if (own.length === 0) continue;
      const color = palette[kind];
      data.push({
        ...{ type: "scatter", mode: "markers", name: same ? "partner of the same start" : "partner of another start" },
        x: own.map(({ flipShare }) => 100 * flipShare),
        y: own.map(({ change }) => change),
        text: own.map(({ partner }) => partner),
        hovertemplate: "%{text}<br>%{x}, %{y}",
        marker: { color, symbol: same ? "circle" : "square", size: 6 },
      });
    }
    const single = paper.single.rows.find((row) => row.domain === target)?.accuracy;
    const theirs = paper.pairs.rows.filter((row) => row.target === target);
    if (single !== undefined && theirs.length > 0) {
      data.push(
        paperTrace({
          ...{ name: "paper", points: true, labels: theirs.map(({ partner }) => partner) },
          x: theirs.map(({ flipShare }) => flipShare),
          y: theirs.map(({ accuracy }) => accuracy - single),
        }),
      );
    }
    const { layout } = scatterFigure([], { title: "", x: "flip share (%)", y: "accuracy change (points)" });
    return { title: target, figure: { data, layout } };
  });
  return madeFrom(
    gridFigure(panels, {
      title: "Two adapters mixed: accuracy change against the share of signs that flip",
      subtitle: `grey: ${describeSource(paper, paper.pairs)}`,
      ...{ columns: options.columns ?? 4, width: 900, panelHeight: 190, sharedY: true, sharedX: true },
    }),
    rows,
  );
}

/** One sentence that puts our correlations within targets beside the paper's. */
export function describePairsBesidePaper(rows: readonly PairRow[], paper: PaperNumbers): string {
  const theirs = new Map(paperByTarget(paper).map((row) => [row.target, row.withFlipShare]));
  const ours = [...new Set(rows.map(({ target }) => target))].map((target) => {
    const own = rows.filter((row) => row.target === target);
    const r = rankCorrelation(
      own.map(({ flipShare }) => flipShare),
      own.map(({ change }) => change),
    );
    return { target, r };
  });
  const defined = ours.filter(({ r }) => Number.isFinite(r));
  if (defined.length === 0)
    return "Flip share or accuracy does not vary within any target, so nothing can be correlated.";
  const below = defined.filter(({ r }) => r < 0).length;
  return (
    `Mean rank correlation of flip share and accuracy within targets: ${formatFixed(mean(defined.map(({ r }) => r)), 2)} ` +
    `here, negative on ${below} of ${defined.length} targets; ${formatFixed(mean([...theirs.values()]), 2)} in the paper's ` +
    `figure 14, negative on all ${theirs.size}.`
  );
}

/** Flip share of a target in mixtures of one size. */
export interface FlipSizeRow {
  target: string;
  size: number;
  /** Mean over mixtures, as a share. */
  flipShare: number;
  /** What starts and distances give by arithmetic (`flipShareByDistance`), mean over the same mixtures. */
  byArithmetic: number;
}

/**
 * Flip share by the number mixed, a panel for each target, with the line that independent changes would give by
 * arithmetic; beside the paper's figure 15, whose value at two is that of one pair.
 */
export function flipBySizeFigure(
  rows: readonly FlipSizeRow[],
  paper: PaperNumbers,
  options: { columns?: number } = {},
): Figure {
  const targets = [...new Set(rows.map(({ target }) => target))];
  const panels = targets.map((target) => {
    const own = rows.filter((row) => row.target === target).sort((a, b) => a.size - b.size);
    const figure = lineFigure(
      [
        { name: "flip share", x: own.map(({ size }) => size), y: own.map(({ flipShare }) => 100 * flipShare) },
        {
          name: "by arithmetic, from starts and distances",
          x: own.map(({ size }) => size),
          y: own.map(({ byArithmetic }) => 100 * byArithmetic),
        },
      ],
      { title: "", x: "adapters mixed (k)", y: "flip share (%)" },
    );
    const theirs = paper.bySize.rows.filter((row) => row.target === target);
    const data = figure.data.map((trace, i) =>
      i === 1 ? { ...trace, mode: "lines", line: { color: palette[1], dash: "dot", width: 2 } } : trace,
    );
    if (theirs.length > 0) {
      const x = theirs.map(({ size }) => size);
      data.push({ ...paperTrace({ name: "paper", x, y: theirs.map(({ flipShare }) => flipShare) }), mode: "lines" });
    }
    const { layout } = figure;
    return { title: target, figure: { data, layout: { ...layout, xaxis: { ...(layout.xaxis as object), ...SIZES } } } };
  });
  return madeFrom(
    gridFigure(panels, {
      title: "Share of a target's signs that flip, by the number of adapters mixed",
      subtitle: `grey: ${describeSource(paper, paper.bySize)}`,
      ...{ columns: options.columns ?? 4, width: 900, panelHeight: 190, sharedY: true, sharedX: true },
    }),
    rows,
  );
}

const SIZES = { tickmode: "array", tickvals: [2, 5, 8, 13] };

/** The paper's flip shares as rows of the same figure: pairs at two, all thirteen, and what arithmetic gives. */
export function paperFlipSizes(paper: PaperNumbers): FlipSizeRow[] {
  const drawn = allDistances(paper);
  return flipGrowth(paper).flatMap((row) => [
    { target: row.target, size: 2, flipShare: row.two / 100, byArithmetic: row.twoByArithmetic / 100 },
    {
      ...{ target: row.target, size: drawn.length, flipShare: row.thirteen / 100 },
      byArithmetic: flipShareByDistance(
        1,
        drawn.map(({ moved, block }) => ({ moved, start: block })),
        drawn.findIndex(({ domain }) => domain === row.target),
      ),
    },
  ]);
}

/** One sentence on how much of the growth of the flip share arithmetic leaves, in the paper and here. */
export function describeFlipGrowth(rows: readonly FlipSizeRow[], paper: PaperNumbers): string {
  const beyond = (own: readonly FlipSizeRow[]) => {
    const growth = [...new Set(own.map(({ target }) => target))].map((target) => {
      const mine = own.filter((row) => row.target === target).sort((a, b) => a.size - b.size);
      const [first, last] = [mine[0], mine[mine.length - 1]];
      return { all: last.flipShare - first.flipShare, arithmetic: last.byArithmetic - first.byArithmetic };
    });
    return {
      all: 100 * mean(growth.map(({ all }) => all)),
      by: 100 * mean(growth.map(({ arithmetic }) => arithmetic)),
    };
  };
  const [ours, theirs] = [beyond(rows), beyond(paperFlipSizes(paper))];
  return (
    `From the smallest mixtures to the largest the flip share grows by ${formatFixed(ours.all, 1)} points here, of which ` +
    `starts and distances give ${formatFixed(ours.by, 1)} by arithmetic; in the paper by ${formatFixed(theirs.all, 1)} and ` +
    `${formatFixed(theirs.by, 1)}.`
  );
}

/** FSD of a pair beside the similarity of its domains' texts. */
export interface SimilarityRow {
  first: string;
  second: string;
  fsd: number;
  similarity: number;
  sameStart: boolean;
}

/**
 * FSD against the similarity of the domains' texts (S3), by start. The paper's similarities (figure 2) could not be read
 * off, so its FSD alone is known.
 */
export function similarityFigure(rows: readonly SimilarityRow[], options: { measure: string }): Figure {
  const groups = [true, false].map((same) => {
    const own = rows.filter(({ sameStart }) => sameStart === same);
    return {
      name: same ? "one start" : "two starts",
      x: own.map(({ similarity }) => similarity),
      y: own.map(({ fsd }) => fsd),
      labels: own.map(({ first, second }) => `${first}, ${second}`),
    };
  });
  return madeFrom(
    scatterFigure(
      groups.filter(({ x }) => x.length > 0),
      {
        title: "Sign difference against the similarity of the domains' texts",
        subtitle: "the paper's figure 2 could not be read off",
        ...{ x: options.measure, y: "FSD (%)", percent: "y", width: 760 },
      },
    ),
    rows,
  );
}
