import { mean, median } from "simple-statistics";
import { madeFrom } from "../../results/origin.js";
import { type BestOf, bestOf, luckOfBest, type Score } from "../../statistics/cross-fit.js";
import type { Effect } from "../../statistics/effect.js";
import { overTargets } from "../../statistics/over-targets.js";

import type { Study } from "../../study/study.js";
import { type Pool, scoreOf, setsWith } from "../mix/pool.js";
import { pickFor, type TextEmbeddings } from "./pick.js";
import { pickers as allPickers, type Pickers } from "./pickers.js";

/** What one picker's choice for one target and size is worth. */
export interface RegretRow {
  method: string;
  seed: number;
  target: string;
  size: number;
  /** Its name; `random` is the mean over all choices, not one draw. */
  picker: string;
  /** Accuracy of the chosen mixture on the target's test examples. */
  accuracy: number;
  /** Accuracy of the cross-fitted best minus that, in points. Negative where the picker did better. */
  regret: number;
}

/** All mixtures of one size with one target: their spread, and the best of them. */
export interface PoolSpread extends Omit<BestOf, "chosen"> {
  method: string;
  seed: number;
  target: string;
  size: number;
  mixtures: number;
  worst: number;
  median: number;
  mean: number;
  /** What the best on test would gain over the mean if all were equally good. */
  luck: number;
}

/** Sizes at which there is something to choose, from two to all but one; of a pool of two the two, for want of others. */
function sizesOf({ rows }: Pool): number[] {
  return Array.from({ length: Math.max(1, rows.length - 2) }, (_, i) => i + 2);
}

/** The spread of all mixtures, by method, seed, size and target. */
export function poolSpread(pools: readonly Pool[]): PoolSpread[] {
  return pools.flatMap((pool) =>
    sizesOf(pool).flatMap((size) =>
      pool.rows.map(({ domain }, target) => {
        const { scores, best } = choicesFor(pool, size, target);
        const tests = scores.map(({ test }) => test);
        const { crossFitted, testChosen } = best;
        const luck = luckOfBest(scores, `${pool.method}/${pool.seed}/${domain}/${size}`);
        const row = {
          ...{ method: pool.method, seed: pool.seed, target: domain, size, mixtures: tests.length },
          ...{ worst: Math.min(...tests), median: median(tests), mean: mean(tests), crossFitted, testChosen, luck },
        };
        return madeFrom(row, pool);
      }),
    ),
  );
}

/** Ways to choose in place of all. */
export interface PickerOptions {
  /** By name; `{ ...sm.greedy.pickers, mine: ({ adapters, target }) => order }` sets one's own beside the others. */
  pickers?: Pickers;
}

/** The regret of every picker, and of a random choice, for every target and size of every pool. */
export function regrets(
  study: Study,
  pools: readonly Pool[],
  texts: TextEmbeddings,
  { pickers = allPickers }: PickerOptions = {},
): RegretRow[] {
  return pools.flatMap((pool) =>
    pool.rows.flatMap(({ domain }, target) => {
      const paths = Object.entries(pickers).map(([name, picker]) => ({
        name,
        sets: pickFor(study, pool, picker, target, texts),
      }));
      return sizesOf(pool).flatMap((size) => {
        const { scores, best } = choicesFor(pool, size, target);
        const row = (picker: RegretRow["picker"], accuracy: number) =>
          madeFrom<RegretRow>(
            {
              ...{ method: pool.method, seed: pool.seed, target: domain, size, picker, accuracy },
              regret: 100 * (best.crossFitted - accuracy),
            },
            pool,
            texts,
          );
        return [
          ...paths.map(({ name, sets }) => row(name, scoreOf(pool, sets[size - 1], target).test)),
          row("random", mean(scores.map(({ test }) => test))),
        ];
      });
    }),
  );
}

function choicesFor(pool: Pool, size: number, target: number): { scores: Score[]; best: BestOf } {
  const scores = setsWith(pool.rows.length, size, target).map((set) => scoreOf(pool, set, target));
  return { scores, best: bestOf(scores, pool.rows[target].devRows) };
}

/**
 * Claim C3: a picker's mean regret, every size counting the same, in points. The interval leaves out one target at a time.
 */
export function meanRegret(rows: readonly RegretRow[], picker: RegretRow["picker"]): Effect {
  const own = rows.filter((row) => row.picker === picker);
  return overTargets(own, ({ regret }) => regret);
}

/** Claim C3r: a picker's regret minus that of a random choice, in points; paired by target and size. */
export function regretBesideRandom(rows: readonly RegretRow[], picker: RegretRow["picker"]): Effect {
  const key = ({ method, seed, target, size }: RegretRow) => `${method}/${seed}/${target}/${size}`;
  const random = new Map(rows.filter((row) => row.picker === "random").map((row) => [key(row), row.regret]));
  const own = rows.filter((row) => row.picker === picker);
  return overTargets(own, (row) => row.regret - (random.get(key(row)) as number));
}
