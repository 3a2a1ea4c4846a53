import { mean } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import type { Figure } from "../../figures/figure.js";
import { heatmapFigure } from "../../figures/heatmap.js";
import { paperTrace } from "../../figures/paper-trace.js";
import { scatterFigure } from "../../figures/scatter.js";
import { madeFrom } from "../../results/origin.js";
import { signDifferenceByDistance } from "../../signs/by-distance.js";
import { describeSource, type PaperNumbers } from "../../study/paper.js";
import type { Study } from "../../study/study.js";
import { groupSingles } from "../train/groups.js";
import { startsOf } from "../train/starts.js";
import type { TrainRow } from "../train/train-unit.js";
import type { PairRow } from "./pairs.js";
import { pairwiseFsd } from "./pairwise.js";
import { allDistances, blocksByDomain, fitDistances } from "./paper-starts.js";

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

/** FSD of a study's adapters of one method, averaged over seeds, with what its order shows. */
export async function signMatrix(study: Study, singles: readonly TrainRow[]): Promise<StartsMatrix> {
  const groups = groupSingles(singles);
  if (new Set(groups.map(({ method }) => method)).size !== 1) throw new Error("A matrix shows adapters of one method.");
  const matrices = groups.map(({ rows }) => pairwiseFsd(study, rows));
  const [{ rows }] = groups;
  const all = (value: (row: TrainRow) => number) =>
    rows.map((_, i) => mean(groups.map((group) => value(group.rows[i]))));
  const signs = {
    domains: rows.map(({ domain }) => domain),
    matrix: rows.map((_, i) => rows.map((__, j) => mean(matrices.map((matrix) => matrix[i][j])))),
    start: await startsOf(study, rows),
    moved: all(({ moved }) => moved),
  };
  return madeFrom(signs, singles);
}

/**
 * FSD of every pair as a heatmap whose rows are ordered by start, the largest group first, and by distance moved. With a second
 * matrix `above`, such as the paper's, ours stands below the diagonal and that one above it, where it has the domain; lines
 * then part its groups if ours share one start.
 */
export function startsHeatmap(
  signs: StartsMatrix,
  options: { title: string; subtitle?: string; above?: StartsMatrix },
): Figure {
  const { domains, matrix, moved } = signs;
  const { title, subtitle, above } = options;
  const theirs = domains.map((domain) => above?.domains.indexOf(domain) ?? -1);
  const shared = new Set(signs.start).size === 1;
  const start =
    above && shared ? theirs.map((at) => (at < 0 ? "own domains" : String(above.start[at]))) : signs.start.map(String);
  const size = (i: number) => start.filter((own) => own === start[i]).length;
  const order = domains
    .map((_, i) => i)
    .sort(
      (i, j) => size(j) - size(i) || start.indexOf(start[i]) - start.indexOf(start[j]) || moved[i] - moved[j] || i - j,
    );
  const names = order.map((i) => domains[i]);
  const shown = (i: number, j: number, row: number, column: number) => {
    if (i === j) return Number.NaN;
    if (!above || row > column) return 100 * matrix[i][j];
    return theirs[i] < 0 || theirs[j] < 0 ? Number.NaN : 100 * above.matrix[theirs[i]][theirs[j]];
  };
  const values = order.map((i, row) => order.map((j, column) => shown(i, j, row, column)));
  const figure = heatmapFigure(
    { rows: names, columns: names, values },
    {
      ...{ title, subtitle, x: "domain", y: "domain, by start and distance" },
      ...{ unit: "FSD (%)", range: [0, 50], digits: 0, width: 760, height: 190 + 36 * names.length },
    },
  );
  return madeFrom({ ...figure, layout: { ...figure.layout, shapes: blockEdges(order.map((i) => start[i])) } }, signs);
}

/** One sentence on the blocks of both matrices: FSD within a start and between starts, ours and the paper's. */
export function describeSignBlocks(signs: StartsMatrix, paper: PaperNumbers): string {
  const parts = (of: StartsMatrix) => {
    const pairs = of.domains.flatMap((_, i) => of.domains.slice(0, i).map((__, j) => [i, j] as const));
    const range = (same: boolean) => {
      const own = pairs.filter(([i, j]) => (of.start[i] === of.start[j]) === same).map(([i, j]) => of.matrix[i][j]);
      if (own.length === 0) return undefined;
      const [low, high] = [Math.min(...own), Math.max(...own)].map((value) => formatFixed(100 * value, 0));
      return `${low === high ? low : `${low} to ${high}`}% (${own.length} ${own.length === 1 ? "pair" : "pairs"})`;
    };
    const found = [
      ["from one start", range(true)],
      ["from two starts", range(false)],
    ].filter((part) => part[1] !== undefined);
    return found.map(([name, text]) => `${name} ${text}`).join(", ");
  };
  return `FSD of two adapters here: ${parts(signs)}. In the paper: ${parts(paperMatrix(paper))}. Chance is 50%.`;
}

/** What the figure of distances shows of a pair. */
export type ExpectedPoint = Pick<PairRow, "target" | "partner" | "fsd" | "expectedFsd" | "sameStart">;

/**
 * FSD of every pair against the FSD that starts and distances moved give by arithmetic (`signDifferenceByDistance`); on the
 * line changes are as good as independent. The paper's points are the pairs of its largest block, with fitted distances.
 */
export function fsdByDistanceFigure(rows: readonly ExpectedPoint[], paper: PaperNumbers): Figure {
  const once = rows.filter(({ target, partner }) => target < partner);
  const groups = [true, false].map((same) => {
    const own = once.filter(({ sameStart }) => sameStart === same);
    return {
      name: same ? "one start" : "two starts",
      x: own.map(({ expectedFsd }) => expectedFsd),
      y: own.map(({ fsd }) => fsd),
      labels: own.map(({ target, partner }) => `${target}, ${partner}`),
    };
  });
  const fitted = fitDistances(paper).rows;
  const { domains, matrix } = paper.fsd;
  const pairs = fitted.flatMap((a, i) => fitted.slice(0, i).map((b) => [a, b] as const));
  const figure = scatterFigure(
    groups.filter(({ x }) => x.length > 0),
    {
      title: "Sign difference against what starts and distances give by arithmetic",
      subtitle: `grey: ${describeSource(paper, paper.fsd)}, the ${pairs.length} two-class pairs, distances fitted`,
      ...{ x: "FSD by arithmetic (%)", y: "FSD (%)", percent: "both", width: 760, height: 460 },
      lines: [{ name: "equal: independent changes", x: [0, 0.5], y: [0, 0.5] }],
    },
  );
  const theirs = paperTrace({
    ...{ name: "paper", points: true, labels: pairs.map(([a, b]) => `${a.domain}, ${b.domain}`) },
    x: pairs.map(([a, b]) => signDifferenceByDistance(1, a, b)),
    y: pairs.map(([a, b]) => matrix[domains.indexOf(a.domain)][domains.indexOf(b.domain)] / 100),
  });
  return madeFrom({ ...figure, data: [...figure.data, theirs] }, rows);
}

/** Says how much of FSD the arithmetic of starts and distances gives, here and in the paper. */
export function describeFsdByDistance(rows: readonly ExpectedPoint[], paper: PaperNumbers): string {
  const once = rows.filter(({ target, partner }) => target < partner);
  const centre = mean(once.map(({ fsd }) => fsd));
  const squares = (value: (row: ExpectedPoint) => number) => once.reduce((sum, row) => sum + value(row) ** 2, 0);
  const left = squares(({ fsd, expectedFsd }) => fsd - expectedFsd);
  const all = squares(({ fsd }) => fsd - centre);
  const error = 100 * Math.sqrt(left / once.length);
  const spread = 100 * Math.sqrt(all / once.length);
  const share = left < all ? ` (${formatFixed(100 * (1 - left / all), 1)}% of its variance)` : "";
  const ours = once.length > 1 ? `, where it varies by ${formatFixed(spread, 1)}${share}` : "";
  const { rSquared, error: theirs, pairs } = fitDistances(paper);
  return (
    `Starts and distances alone give the FSD of our ${once.length} ${once.length === 1 ? "pair" : "pairs"} to within ` +
    `${formatFixed(error, 1)} points${ours}; nothing is fitted. In the paper one fitted distance for each adapter gives its ` +
    `${pairs} two-class pairs to within ${formatFixed(theirs, 2)} points (R² ${rSquared.toFixed(4)}).`
  );
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
