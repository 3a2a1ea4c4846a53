import { mean } from "simple-statistics";
import { flipShareByDistance } from "../../signs/by-distance.js";
import { rankCorrelation } from "../../statistics/correlation.js";
import { leastSquares } from "../../statistics/network-regression.js";
import type { PaperNumbers } from "../../study/paper.js";

/** Below this FSD, in percent, two adapters agree on more signs than coins would. */
const CHANCE = 45;

/** Domains of the paper whose adapters agree on signs, which says that they had the same start. */
export interface SignBlock {
  block: number;
  domains: string[];
  /** Pairs within the block, with their least and most FSD in percent; none in a block of one. */
  pairs: number;
  least: number;
  most: number;
}

/**
 * The paper's FSD matrix as blocks: domains joined by a chain of pairs below chance, the largest block first. Between
 * blocks every pair is at chance, as adapters of separate starts are before any training.
 */
export function signBlocks({ fsd }: Pick<PaperNumbers, "fsd">): SignBlock[] {
  const { domains, matrix } = fsd;
  const block = domains.map((_, i) => i);
  domains.forEach((_, i) => {
    for (let j = 0; j < i; j++) {
      if (matrix[i][j] >= CHANCE) continue;
      const [from, to] = [block[i], block[j]];
      block.forEach((own, k) => {
        if (own === from) block[k] = to;
      });
    }
  });
  const members = [...new Set(block)].map((own) => domains.map((_, i) => i).filter((i) => block[i] === own));
  return members
    .sort((a, b) => b.length - a.length)
    .map((own, number) => {
      const values = own.flatMap((i, at) => own.slice(at + 1).map((j) => matrix[i][j]));
      return {
        block: number + 1,
        domains: own.map((i) => domains[i]),
        pairs: values.length,
        least: values.length > 0 ? Math.min(...values) : Number.NaN,
        most: values.length > 0 ? Math.max(...values) : Number.NaN,
      };
    });
}

/** FSD between domains of different blocks, in percent: their number, least and most. */
export function betweenBlocks(paper: Pick<PaperNumbers, "fsd">): { pairs: number; least: number; most: number } {
  const blockOf = blocksByDomain(paper);
  const { domains, matrix } = paper.fsd;
  const values = domains.flatMap((a, i) =>
    domains.slice(0, i).flatMap((b, j) => (blockOf.get(a) === blockOf.get(b) ? [] : [matrix[i][j]])),
  );
  return { pairs: values.length, least: Math.min(...values), most: Math.max(...values) };
}

/** The block of each domain. */
export function blocksByDomain(paper: Pick<PaperNumbers, "fsd">): Map<string, number> {
  return new Map(signBlocks(paper).flatMap(({ block, domains }) => domains.map((domain) => [domain, block] as const)));
}

/** How far the paper's adapters moved, in standard deviations of their start, as its own numbers give it. */
export interface MovedRow {
  domain: string;
  block: number;
  /** s/σ: spread of the change over the spread of the start. */
  moved: number;
  /** Epochs times rows to train on. */
  exposure: number;
}

/** Distances that explain FSD, and how well. */
export interface DistanceFit {
  rows: MovedRow[];
  pairs: number;
  rSquared: number;
  /** Root mean square of what is left, in points. */
  error: number;
  /** Rank correlation of distance and exposure over the block's domains. */
  withExposure: number;
}

/**
 * One number for each domain of the largest block, such that FSD = arccos(c_A c_B)/π with c = 1/√(1 + moved²): least
 * squares on the FSD of all pairs of the block (Gauss–Newton from the fit of log cos).
 */
export function fitDistances(paper: Pick<PaperNumbers, "fsd" | "training">): DistanceFit {
  const [{ domains, block }] = signBlocks(paper);
  const at = domains.map((domain) => paper.fsd.domains.indexOf(domain));
  const pairs = domains.flatMap((_, i) => domains.slice(0, i).map((_, j) => [i, j] as const));
  const found = pairs.map(([i, j]) => paper.fsd.matrix[at[i]][at[j]] / 100);
  const columns = domains.map((_, k) => pairs.map(([i, j]) => (i === k || j === k ? 1 : 0)));
  const fit = (log: readonly number[]) =>
    pairs.map(([i, j]) => Math.acos(Math.min(1, Math.exp(log[i] + log[j]))) / Math.PI);
  let log = leastSquares(
    found.map((fsd) => Math.log(Math.cos(Math.PI * fsd))),
    columns,
  ).coefficients; // log c
  for (let step = 0; step < 30; step++) {
    const slope = pairs.map(([i, j]) => {
      const c = Math.exp(log[i] + log[j]);
      return -c / Math.sqrt(1 - c * c) / Math.PI;
    });
    const left = fit(log).map((value, k) => found[k] - value);
    const scaled = columns.map((column) => column.map((value, k) => value * slope[k]));
    const { coefficients } = leastSquares(left, scaled);
    log = log.map((value, k) => value + coefficients[k]);
  }
  const squares = fit(log).reduce((sum, value, k) => sum + (found[k] - value) ** 2, 0);
  const centre = mean(found);
  const total = found.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const exposures = exposureOf(paper);
  const rows = domains.map((domain, k) => ({
    ...{ domain, block, moved: Math.sqrt(Math.exp(-2 * log[k]) - 1) },
    exposure: exposures.get(domain) as number,
  }));
  return {
    rows,
    pairs: pairs.length,
    rSquared: 1 - squares / total,
    error: 100 * Math.sqrt(squares / pairs.length),
    withExposure: rankCorrelation(
      rows.map(({ moved }) => moved),
      rows.map(({ exposure }) => exposure),
    ),
  };
}

function exposureOf({ training }: Pick<PaperNumbers, "training">): Map<string, number> {
  return new Map(training.rows.map(({ domain, epochs, trainRows }) => [domain, epochs * trainRows]));
}

/**
 * Distances of all thirteen: of the largest block by `fitDistances`, of the others from flip shares with it. Across starts
 * the share f of a target's signs that a mixture of two flips has tan²(πf) = (1 + moved_partner²)/(1 + moved_target²); of
 * what the pairs of a domain give for log(1 + moved²) the mean is taken. Distances below 0 read as 0.
 */
export function allDistances(paper: PaperNumbers): MovedRow[] {
  const known = new Map(fitDistances(paper).rows.map((row) => [row.domain, row]));
  const blockOf = blocksByDomain(paper);
  const exposures = exposureOf(paper);
  return paper.fsd.domains.map((domain) => {
    const row = known.get(domain);
    if (row) return row;
    const logs = paper.pairs.rows.flatMap(({ target, partner, flipShare }) => {
      const other = known.get(target === domain ? partner : target);
      if (!other || (target !== domain && partner !== domain)) return [];
      const ratio = 2 * Math.log(Math.tan((Math.PI * flipShare) / 100));
      const own = Math.log(1 + other.moved ** 2);
      return [target === domain ? own - ratio : own + ratio];
    });
    return {
      ...{ domain, block: blockOf.get(domain) as number },
      moved: Math.sqrt(Math.max(0, Math.exp(mean(logs)) - 1)),
      exposure: exposures.get(domain) as number,
    };
  });
}

/** The paper's flip shares of one target beside those that starts and distances give by arithmetic. In percent. */
export interface FlipGrowthRow {
  target: string;
  /** Mean over the pairs of figure 14. */
  two: number;
  thirteen: number;
  twoByArithmetic: number;
  thirteenByArithmetic: number;
  /** Growth from 2 to 13 beyond arithmetic. */
  beyond: number;
  /** The paper's own value at two in figure 15, which is that of one pair and no mean over them. */
  asShownAtTwo: number;
}

/** Growth of the flip share from two adapters to thirteen in the paper, and what independent changes would give (S2). */
export function flipGrowth(paper: PaperNumbers): FlipGrowthRow[] {
  const drawn = allDistances(paper).map(({ domain, moved, block }) => ({ domain, moved, start: block }));
  const at = (domain: string) => drawn.findIndex((row) => row.domain === domain);
  const shown = (target: string, size: number) =>
    paper.bySize.rows.find((row) => row.target === target && row.size === size)?.flipShare ?? Number.NaN;
  return [...new Set(paper.pairs.rows.map(({ target }) => target))].map((target) => {
    const pairs = paper.pairs.rows.filter((row) => row.target === target);
    const two = mean(pairs.map(({ flipShare }) => flipShare));
    const twoByArithmetic = mean(
      pairs.map(({ partner }) => 100 * flipShareByDistance(1, [drawn[at(target)], drawn[at(partner)]], 0)),
    );
    const thirteen = shown(target, 13);
    const thirteenByArithmetic = 100 * flipShareByDistance(1, drawn, at(target));
    const beyond = thirteen - two - (thirteenByArithmetic - twoByArithmetic);
    return { target, two, thirteen, twoByArithmetic, thirteenByArithmetic, beyond, asShownAtTwo: shown(target, 2) };
  });
}
