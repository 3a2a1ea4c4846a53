import { mean } from "simple-statistics";
import { chooseFor, leastFsdChoice } from "../../mixing/least-fsd.js";
import { madeFrom } from "../../results/origin.js";
import { bestOf, luckOfBest, type Score, worstOf } from "../../statistics/cross-fit.js";
import { type Effect, notDefined } from "../../statistics/effect.js";
import { jackknife } from "../../statistics/jackknife.js";
import { overTargets } from "../../statistics/over-targets.js";
import { claimMean } from "../../study/claim-effects.js";
import type { ClaimEffects } from "../../study/scorecard.js";
import type { Study } from "../../study/study.js";
import { pairwiseFsd } from "../conflict/pairwise.js";
import { type Pool, scoreOf, setsWith } from "../mix/pool.js";
import type { ChoiceRow } from "./paper-figures.js";

/** What algorithm 1 chooses of a pool, for one target and size, among all mixtures that it could have been. */
export interface ChoiceOutcome {
  method: string;
  seed: number;
  target: string;
  size: number;
  /** The domains of the least-FSD and of the most-FSD choice, the target among them. */
  least: string[];
  most: string[];
  /** Whether algorithm 1 itself chooses the target at this size; if not, the target takes the place of its last. */
  ownChoice: boolean;
  /** Accuracies are shares of the target's test examples. */
  single: number;
  leastFsd: number;
  mostFsd: number;
  mean: number;
  /** The cross-fitted best and worst. */
  best: number;
  worst: number;
  /** The best and the worst as the paper takes them, chosen and scored on the same test examples. */
  max: number;
  min: number;
  /** What the best on test would gain over the mean if all were equally good. */
  luck: number;
}

/**
 * Least-FSD and most-FSD choices (algorithm 1) of every size of every pool, for each of its domains as target, beside all
 * mixtures of the size that hold it. Algorithm 1 knows no target: of a target that it does not choose, the own adapter takes
 * the place of the last one chosen, so that all sizes are averaged over the same domains, as in the paper's figure 7.
 */
export function fsdChoices(study: Study, pools: readonly Pool[]): ChoiceOutcome[] {
  return pools.flatMap((pool) => {
    const least = leastFsdChoice(pairwiseFsd(study, pool.rows), pool.rows.length);
    const most = [...least].reverse();
    const sizes = pool.rows.map((_, i) => i + 1);
    return sizes.flatMap((size) =>
      pool.rows.map((_, target) => madeFrom(outcome(pool, target, size, least, most), pool)),
    );
  });
}

function outcome(
  pool: Pool,
  target: number,
  size: number,
  least: readonly number[],
  most: readonly number[],
): ChoiceOutcome {
  const { domain, devRows } = pool.rows[target];
  const [leastSet, mostSet] = [least, most].map((order) => chooseFor(target, order, size));
  const namesOf = (set: readonly number[]) => set.map((i) => pool.rows[i].domain);
  const accuracyOf = (set: readonly number[]) => scoreOf(pool, set, target).test;
  const scores: Score[] = setsWith(pool.rows.length, size, target).map((set) => scoreOf(pool, set, target));
  const tests = scores.map(({ test }) => test);
  return {
    ...{ method: pool.method, seed: pool.seed, target: domain, size },
    ...{ least: namesOf(leastSet), most: namesOf(mostSet), ownChoice: least.slice(0, size).includes(target) },
    single: accuracyOf([target]),
    ...{ leastFsd: accuracyOf(leastSet), mostFsd: accuracyOf(mostSet), mean: mean(tests) },
    ...{ best: bestOf(scores, devRows).crossFitted, worst: worstOf(scores, devRows).crossFitted },
    ...{ max: Math.max(...tests), min: Math.min(...tests) },
    luck: luckOfBest(scores, `${pool.method}/${pool.seed}/${domain}/${size}`),
  };
}

/** Outcomes of sizes at which there is something to choose: more than the target alone, and fewer than all. */
export function withChoice(rows: readonly ChoiceOutcome[]): ChoiceOutcome[] {
  const all = Math.max(...rows.map(({ size }) => size));
  return rows.filter(({ size }) => size > 1 && size < all);
}

/** Mean of a difference in points over sizes with a choice, every size counting the same; NaN where there are none. */
export function meanOfChoices(rows: readonly ChoiceOutcome[], value: (row: ChoiceOutcome) => number): Effect {
  const own = withChoice(rows);
  return own.length === 0 ? notDefined : overTargets(own, (row) => 100 * value(row));
}

/**
 * Claims G1 and G1m by their ids, over the targets that count, in points: cross-fitted best minus least-FSD choice, and
 * most-FSD choice minus cross-fitted worst, at every size with a choice.
 */
export function choiceClaims(rows: readonly ChoiceOutcome[], targets: readonly string[]): ClaimEffects {
  const own = withChoice(rows);
  const least = own.map((row) => ({ ...row, members: row.least }));
  const most = own.map((row) => ({ ...row, members: row.most }));
  return {
    G1: claimMean(least, ({ best, leastFsd }) => 100 * (best - leastFsd), targets),
    G1m: claimMean(most, ({ mostFsd, worst }) => 100 * (mostFsd - worst), targets),
  };
}

/**
 * The share of what the cross-fitted best gains over a random choice that some choice captures: 1 is the best, 0 a random
 * choice. Σ(choice − mean) / Σ(best − mean), the interval over targets; NaN where the best gains nothing.
 */
export function shareCaptured(rows: readonly ChoiceOutcome[], choice: (row: ChoiceOutcome) => number): Effect {
  const own = withChoice(rows);
  if (own.length === 0) return notDefined;
  return jackknife([...new Set(own.map(({ target }) => target))], (without) => {
    const some = own.filter(({ target }) => target !== without);
    const total = (value: (row: ChoiceOutcome) => number) => some.reduce((sum, row) => sum + value(row) - row.mean, 0);
    const gain = total(({ best }) => best);
    return gain > 0 ? total(choice) / gain : Number.NaN;
  });
}

/** Outcomes averaged over targets, methods and seeds, by size. Size 1 is the single adapters. */
export function choicesBySize(rows: readonly ChoiceOutcome[]): ChoiceRow[] {
  return [...new Set(rows.map(({ size }) => size))].map((size) => {
    const own = rows.filter((row) => row.size === size);
    const average = (value: (row: ChoiceOutcome) => number) => mean(own.map(value));
    const row: ChoiceRow = {
      size,
      max: average(({ max }) => max),
      best: average(({ best }) => best),
      leastFsd: average(({ leastFsd }) => leastFsd),
      mean: average((row) => row.mean),
      mostFsd: average(({ mostFsd }) => mostFsd),
      min: average(({ min }) => min),
    };
    return madeFrom(row, own);
  });
}
