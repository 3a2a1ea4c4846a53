import { mean } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import { type Figure, palette, type Trace } from "../../figures/figure.js";
import { gridFigure } from "../../figures/grid.js";
import { lineFigure } from "../../figures/line.js";
import { paperTrace } from "../../figures/paper-trace.js";
import { scatterFigure } from "../../figures/scatter.js";
import { madeFrom } from "../../results/origin.js";
import { flipShareByDistance } from "../../signs/by-distance.js";
import { rankCorrelation } from "../../statistics/correlation.js";
import { describeSource, type PaperNumbers } from "../../study/paper.js";
import type { FlipRow, PairRow } from "./pairs.js";
import { paperByTarget, paperPairs } from "./paper-association.js";
import { allDistances, flipGrowth } from "./paper-starts.js";
import { measuresOf, type SimilarityMeasure, type SimilarityRow, similarityMeasures } from "./similarity.js";

/** What a point of the panels shows of a target mixed with one partner. */
export type PairPoint = Pick<PairRow, "target" | "partner" | "fsd" | "flipShare" | "change" | "sameStart">;

/** What accuracy is drawn against. */
export type PairMeasure = "flipShare" | "fsd";

const measureNames: Record<PairMeasure, { title: string; axis: string; where: string }> = {
  flipShare: { title: "the share of signs that flip", axis: "flip share (%)", where: "figure 14" },
  fsd: { title: "the fraction of sign difference", axis: "FSD (%)", where: "figures 4 and 14" },
};

/**
 * Accuracy change against flip share (or FSD) of two adapters, a panel for each target: ours by start, and the paper's figure
 * 14, in which the pairs of toxic could not be read off.
 */
export function pairPanelsFigure(
  rows: readonly PairPoint[],
  paper: PaperNumbers,
  options: { measure?: PairMeasure; columns?: number } = {},
): Figure {
  const { measure = "flipShare", columns = 4 } = options;
  const { title, axis, where } = measureNames[measure];
  const targets = [...new Set(rows.map(({ target }) => target))];
  const paperRows = paperPairs(paper);
  const panels = targets.map((target) => {
    const data: Trace[] = [];
    for (const [kind, same] of [true, false].entries()) {
      const own = rows.filter((row) => row.target === target && row.sameStart === same);
      if (own.length === 0) continue;
      const color = palette[kind];
      data.push({
        ...{ type: "scatter", mode: "markers", name: same ? "partner of the same start" : "partner of another start" },
        x: own.map((row) => 100 * row[measure]),
        y: own.map(({ change }) => change),
        text: own.map(({ partner }) => partner),
        hovertemplate: "%{text}<br>%{x}, %{y}",
        marker: { color, symbol: same ? "circle" : "square", size: 6 },
      });
    }
    const single = paper.single.rows.find((row) => row.domain === target)?.accuracy;
    const theirs = paperRows.filter((row) => row.target === target);
    if (single !== undefined && theirs.length > 0) {
      data.push(
        paperTrace({
          ...{ name: "paper", points: true, labels: theirs.map(({ partner }) => partner) },
          x: theirs.map((row) => row[measure]),
          y: theirs.map(({ accuracy }) => accuracy - single),
        }),
      );
    }
    const { layout } = scatterFigure([], { title: "", x: axis, y: "accuracy change (points)" });
    return { title: target, figure: { data, layout } };
  });
  const source = { ...paper.pairs, where };
  return madeFrom(
    gridFigure(panels, {
      title: `Two adapters mixed: accuracy change against ${title}`,
      subtitle: `grey: ${describeSource(paper, source)}`,
      ...{ columns: Math.min(columns, panels.length), width: 900, panelHeight: 190, sharedY: true, sharedX: true },
    }),
    rows,
  );
}

/** One sentence that puts our correlations within targets beside the paper's. */
export function describePairsBesidePaper(
  rows: readonly PairPoint[],
  paper: PaperNumbers,
  measure: PairMeasure = "flipShare",
): string {
  const name = { flipShare: "flip share", fsd: "FSD" }[measure];
  const theirs = paperByTarget(paper).flatMap(({ withFlipShare, withFsd }) => {
    const r = measure === "flipShare" ? withFlipShare : withFsd;
    return Number.isFinite(r) ? [r] : [];
  });
  const shown = theirs.filter((r) => r < 0).length;
  const ours = [...new Set(rows.map(({ target }) => target))].map((target) => {
    const own = rows.filter((row) => row.target === target);
    const r = rankCorrelation(
      own.map((row) => row[measure]),
      own.map(({ change }) => change),
    );
    return { target, r };
  });
  const defined = ours.filter(({ r }) => Number.isFinite(r));
  if (defined.length === 0)
    return `${name[0].toUpperCase()}${name.slice(1)} or accuracy does not vary within any target, so nothing can be correlated.`;
  const below = defined.filter(({ r }) => r < 0).length;
  return (
    `Mean rank correlation of ${name} and accuracy within targets: ${formatFixed(mean(defined.map(({ r }) => r)), 2)} ` +
    `here, negative on ${below} of ${defined.length} targets; ${formatFixed(mean(theirs), 2)} in the paper's ` +
    `${measureNames[measure].where}, negative on ${shown === theirs.length ? `all ${shown}` : `${shown} of ${theirs.length}`}.`
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

/** Flip shares averaged over the mixtures of one target and size, seeds and methods. */
export function flipsBySize(rows: readonly FlipRow[]): FlipSizeRow[] {
  const keys = [...new Set(rows.map(({ target, size }) => `${target}/${size}`))];
  return keys.map((key) => {
    const own = rows.filter(({ target, size }) => `${target}/${size}` === key);
    const [{ target, size }] = own;
    const flipShare = mean(own.map((row) => row.flipShare));
    return madeFrom({ target, size, flipShare, byArithmetic: mean(own.map((row) => row.byArithmetic)) }, own);
  });
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
  if (new Set(rows.map(({ size }) => size)).size < 2) {
    return (
      `There are mixtures of one size only, so no growth is seen; in the paper the flip share grows by ` +
      `${formatFixed(theirs.all, 1)} points, of which starts and distances give ${formatFixed(theirs.by, 1)} by arithmetic.`
    );
  }
  return (
    `From the smallest mixtures to the largest the flip share grows by ${formatFixed(ours.all, 1)} points here, of which ` +
    `starts and distances give ${formatFixed(ours.by, 1)} by arithmetic; in the paper by ${formatFixed(theirs.all, 1)} and ` +
    `${formatFixed(theirs.by, 1)}.`
  );
}

/** What the similarity figure shows of a pair of domains. */
export type SimilarityPoint = Pick<SimilarityRow, "first" | "second" | "fsd" | "sameStart" | SimilarityMeasure>;

/**
 * FSD against the similarity of the domains' texts (S3), by start, a panel for each measure. The paper's similarities
 * (figure 2) could not be read off, so nothing of it stands beside.
 */
export function similarityFigure(rows: readonly SimilarityPoint[]): Figure {
  const panels = measuresOf(rows).map((measure) => {
    const { axis, panel } = similarityMeasures[measure];
    const groups = [true, false].map((same) => {
      const own = rows.filter(({ sameStart }) => sameStart === same);
      return {
        name: same ? "one start" : "two starts",
        x: own.map((row) => row[measure] ?? Number.NaN),
        y: own.map(({ fsd }) => fsd),
        labels: own.map(({ first, second }) => `${first}, ${second}`),
      };
    });
    const shown = groups.filter(({ x }) => x.length > 0);
    const figure = scatterFigure(shown, { title: "", x: axis, y: "FSD (%)", percent: "y" });
    return { title: panel, figure };
  });
  return madeFrom(
    gridFigure(panels, {
      title: "Sign difference against the similarity of the domains' texts",
      subtitle: "the paper's figure 2 could not be read off",
      ...{ columns: panels.length === 4 ? 2 : 3, width: 900, panelHeight: 300, sharedY: true },
    }),
    rows,
  );
}
