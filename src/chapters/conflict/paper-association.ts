import { mean } from "simple-statistics";
import { correlation, rankCorrelation } from "../../statistics/correlation.js";
import { type CrossedEstimate, crossedCorrelation } from "../../statistics/crossed-effects.js";
import { leastSquares, type NetworkRegression, networkRegression } from "../../statistics/network-regression.js";
import type { PaperNumbers } from "../../study/paper.js";
import { allDistances, blocksByDomain } from "./paper-starts.js";

/** One target of the paper's figure 14 in a mixture of two, with what might explain its accuracy. */
export interface PaperPairRow {
  target: string;
  partner: string;
  /** In percent. */
  accuracy: number;
  flipShare: number;
  fsd: number;
  sameStart: boolean;
  /** How far the partner moved, in standard deviations of the start. */
  partnerMoved: number;
}

/** All 144 pairs that can be read off figure 14, with FSD of figure 4 and distances recomputed from both. */
export function paperPairs(paper: PaperNumbers): PaperPairRow[] {
  const blockOf = blocksByDomain(paper);
  const moved = new Map(allDistances(paper).map((row) => [row.domain, row.moved]));
  const { domains, matrix } = paper.fsd;
  return paper.pairs.rows.map(({ target, partner, accuracy, flipShare }) => ({
    ...{ target, partner, accuracy, flipShare },
    fsd: matrix[domains.indexOf(target)][domains.indexOf(partner)],
    sameStart: blockOf.get(target) === blockOf.get(partner),
    partnerMoved: moved.get(partner) as number,
  }));
}

/** What one target's twelve partners show. */
export interface PaperTargetRow {
  target: string;
  /** Rank correlations with accuracy; NaN where FSD does not vary. */
  withFlipShare: number;
  withFsd: number;
  /** Standard deviation of FSD over partners, in points. */
  fsdSpread: number;
  /** Accuracy with partners of the same start minus with the others, in points; NaN where no partner shares its start. */
  sameStartGain: number;
  /** Share of the variance of accuracy that same start and the logarithm of the partner's distance explain. */
  explained: number;
}

/** S1 in the paper's own numbers, target by target. */
export function paperByTarget(paper: PaperNumbers): PaperTargetRow[] {
  const pairs = paperPairs(paper);
  return [...new Set(pairs.map(({ target }) => target))].map((target) => {
    const own = pairs.filter((row) => row.target === target);
    const accuracy = own.map((row) => row.accuracy);
    const [same, other] = [true, false].map((kind) =>
      own.filter(({ sameStart }) => sameStart === kind).map((row) => row.accuracy),
    );
    const fsd = own.map((row) => row.fsd);
    const centre = mean(fsd);
    return {
      target,
      withFlipShare: rankCorrelation(
        own.map(({ flipShare }) => flipShare),
        accuracy,
      ),
      withFsd: rankCorrelation(fsd, accuracy),
      fsdSpread: Math.sqrt(fsd.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (fsd.length - 1)),
      sameStartGain: same.length > 0 && other.length > 0 ? mean(same) - mean(other) : Number.NaN,
      explained: leastSquares(accuracy, termsOf(own, Math.log)).rSquared,
    };
  });
}

/** Columns of a regression of one target: the intercept, same start where it varies, and a function of the distance. */
function termsOf(own: readonly PaperPairRow[], distance: (moved: number) => number): number[][] {
  const same = own.map(({ sameStart }) => Number(sameStart));
  const varies = same.some((value) => value !== same[0]);
  return [own.map(() => 1), ...(varies ? [same] : []), own.map(({ partnerMoved }) => distance(partnerMoved))];
}

/** S1 in the paper's own numbers, over all targets. */
export interface PaperAssociation {
  /** Mean of the targets' rank correlations of flip share and accuracy, and how many are below 0. */
  meanWithinTargets: number;
  negative: number;
  targets: number;
  /** Rank correlations within targets, all pairs at once, with intervals under crossed effects. */
  flipShare: CrossedEstimate;
  fsd: CrossedEstimate;
  /** Mean over targets of what same start and distance explain, by how distance is taken. */
  explained: { log: number; plain: number };
  /** Mean over targets of the correlation of flip share and accuracy that is left given both. */
  givenBoth: { log: number; plain: number };
  /** Least and most gain of a partner of the same start, in points. */
  sameStartGain: { least: number; most: number; targets: number };
}

/**
 * The analysis of the paper's own numbers. It shows what goes together there, not why: in the paper same start, number of
 * labels, distance and domain cannot be told apart, since no adapter was trained twice.
 */
export function paperAssociation(paper: PaperNumbers): PaperAssociation {
  const pairs = paperPairs(paper);
  const rows = paperByTarget(paper);
  const gains = rows.map(({ sameStartGain }) => sameStartGain).filter(Number.isFinite);
  const crossing = pairs.map(({ target, partner }) => ({ target, partners: [partner] }));
  const targets = pairs.map(({ target }) => target);
  const within = (value: (row: PaperPairRow) => number) =>
    crossedCorrelation(
      pairs.map(value),
      pairs.map(({ accuracy }) => accuracy),
      targets,
      crossing,
    );
  const byTarget = rows.map(({ target }) => pairs.filter((row) => row.target === target));
  const over = (statistic: (own: PaperPairRow[], distance: (moved: number) => number) => number) => ({
    log: mean(byTarget.map((own) => statistic(own, Math.log))),
    plain: mean(byTarget.map((own) => statistic(own, (moved) => moved))),
  });
  return {
    meanWithinTargets: mean(rows.map(({ withFlipShare }) => withFlipShare)),
    negative: rows.filter(({ withFlipShare }) => withFlipShare < 0).length,
    targets: rows.length,
    flipShare: within(({ flipShare }) => flipShare),
    fsd: within(({ fsd }) => fsd),
    explained: over((own, distance) => leastSquares(accuracies(own), termsOf(own, distance)).rSquared),
    givenBoth: over((own, distance) => {
      const terms = termsOf(own, distance);
      const flips = own.map(({ flipShare }) => flipShare);
      return correlation(leastSquares(flips, terms).residuals, leastSquares(accuracies(own), terms).residuals);
    }),
    sameStartGain: { least: Math.min(...gains), most: Math.max(...gains), targets: gains.length },
  };
}

function accuracies(rows: readonly PaperPairRow[]): number[] {
  return rows.map(({ accuracy }) => accuracy);
}

/**
 * Accuracy of the paper's pairs on same start, the logarithm of the partner's distance and FSD at once, within targets,
 * with p from permuting domains (double semi-partialing).
 */
export function paperRegression(paper: PaperNumbers, options: { permutations?: number } = {}): NetworkRegression {
  const { domains } = paper.fsd;
  const pairs = new Map(paperPairs(paper).map((row) => [`${row.target}/${row.partner}`, row]));
  const matrix = (value: (row: PaperPairRow) => number) =>
    domains.map((target) =>
      domains.map((partner) => {
        const row = pairs.get(`${target}/${partner}`);
        return target === partner ? 0 : row ? value(row) : Number.NaN;
      }),
    );
  return networkRegression(
    matrix(({ accuracy }) => accuracy),
    {
      sameStart: matrix(({ sameStart }) => Number(sameStart)),
      distance: matrix(({ partnerMoved }) => Math.log(partnerMoved)),
      fsd: matrix(({ fsd }) => fsd),
    },
    { withinRows: true, permutations: options.permutations },
  );
}
