import { mean } from "simple-statistics";
import { enumerateMixtures } from "../../mixing/subsets.js";
import { madeFrom } from "../../results/origin.js";
import type { Effect } from "../../statistics/effect.js";
import { jackknife } from "../../statistics/jackknife.js";

import type { Study } from "../../study/study.js";
import { type Pool, scoreOf } from "../mix/pool.js";
import { pickFor, type TextEmbeddings } from "./pick.js";
import { pickers as allPickers } from "./pickers.js";
import type { PickerOptions } from "./regret.js";

/** Mean drops of mixtures chosen without a target, as they would be to serve all of their members at once. */
export interface TargetFreeRow {
  method: string;
  seed: number;
  size: number;
  /** Its name, `random` or `best`. */
  picker: string;
  /** The domains chosen; empty for `random`, the mean over all, and for the cross-fitted `best`, which are two. */
  members: string[];
  /** Drop of each member that counts, in points: `[domain, drop, weight]`. */
  drops: [string, number, number][];
}

/**
 * Mixtures chosen without a target, of every size from two to all but one, scored by the mean drop over their members.
 * The best is cross-fitted: chosen on dev and half of test, scored on the other half, both ways.
 */
export function targetFree(
  study: Study,
  pools: readonly Pool[],
  texts: TextEmbeddings,
  { pickers = allPickers }: PickerOptions = {},
): TargetFreeRow[] {
  return pools.flatMap((pool) => {
    const n = pool.rows.length;
    const paths = Object.entries(pickers).map(([picker, pick]) => ({
      picker,
      sets: pickFor(study, pool, pick, undefined, texts),
    }));
    const sizes = Array.from({ length: Math.max(1, n - 2) }, (_, i) => i + 2);
    return sizes.flatMap((size) => {
      const all = enumerateMixtures(n, { sizes: [size] });
      const row = (picker: TargetFreeRow["picker"], sets: number[][], drop: typeof dropOf) =>
        madeFrom<TargetFreeRow>(
          {
            ...{ method: pool.method, seed: pool.seed, size, picker },
            members: sets.length === 1 ? sets[0].map((member) => pool.rows[member].domain) : [],
            drops: sets.flatMap((set, s) =>
              set.map((member): [string, number, number] => [
                pool.rows[member].domain,
                drop(pool, set, member, s),
                1 / sets.length,
              ]),
            ),
          },
          pool,
          texts,
        );
      const chosen = [0, 1].map((half) => bestSet(pool, all, half));
      return [
        ...paths.map(({ picker, sets }) => row(picker, [sets[size - 1]], dropOf)),
        row("random", all, dropOf),
        // what one half chose is scored on the other
        row("best", chosen, (_, set, member, half) => halfDrop(pool, set, member, 1 - half)),
      ];
    });
  });
}

/** The mean drop over members of a picker's sets, every size counting the same; the interval leaves out one domain. */
export function targetFreeDrop(rows: readonly TargetFreeRow[], picker: TargetFreeRow["picker"]): Effect {
  const own = rows.filter((row) => row.picker === picker);
  return jackknife(domainsOf(own), (without) => meanDrop(own, without));
}

/** A picker's mean drop minus that of the cross-fitted best, in points. */
export function targetFreeRegret(rows: readonly TargetFreeRow[], picker: TargetFreeRow["picker"]): Effect {
  const own = rows.filter((row) => row.picker === picker);
  const best = rows.filter((row) => row.picker === "best");
  return jackknife(domainsOf(rows), (without) => meanDrop(own, without) - meanDrop(best, without));
}

function domainsOf(rows: readonly TargetFreeRow[]): string[] {
  return [...new Set(rows.flatMap(({ drops }) => drops.map(([domain]) => domain)))].sort();
}

function meanDrop(rows: readonly TargetFreeRow[], without?: string): number {
  const means = rows.flatMap(({ drops }) => {
    const kept = drops.filter(([domain]) => domain !== without);
    const weight = kept.reduce((sum, [, , own]) => sum + own, 0);
    return kept.length === 0 ? [] : [kept.reduce((sum, [, drop, own]) => sum + own * drop, 0) / weight];
  });
  return mean(means);
}

function dropOf(pool: Pool, set: readonly number[], member: number, _half: number): number {
  return 100 * (scoreOf(pool, [member], member).test - scoreOf(pool, set, member).test);
}

/** Drop on one half of the test examples, in points. */
function halfDrop(pool: Pool, set: readonly number[], member: number, half: number): number {
  const share = (correct: readonly boolean[]) => mean(correct.filter((_, i) => i % 2 === half).map(Number));
  return 100 * (share(scoreOf(pool, [member], member).correct) - share(scoreOf(pool, set, member).correct));
}

/** The set of least mean drop on dev and one half of the test examples. */
function bestSet(pool: Pool, sets: readonly number[][], half: number): number[] {
  const score = (set: readonly number[]) =>
    mean(
      set.map((member) => {
        const { devRows, testRows } = pool.rows[member];
        const [single, mixed] = [scoreOf(pool, [member], member), scoreOf(pool, set, member)];
        const dev = 100 * (single.dev - mixed.dev);
        return (devRows * dev + (testRows / 2) * halfDrop(pool, set, member, half)) / (devRows + testRows / 2);
      }),
    );
  const scores = sets.map(score);
  return sets[scores.indexOf(Math.min(...scores))];
}
