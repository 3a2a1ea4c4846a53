import { formatEffect, formatFixed } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { madeFrom } from "../../results/origin.js";
import { scaleEffect } from "../../statistics/effect.js";
import type { Study } from "../../study/study.js";
import { pairwiseFsd } from "../conflict/pairwise.js";
import { type Pool, poolSingles, scoreOf } from "../mix/pool.js";
import type { TrainRow } from "../train/train-unit.js";
import { type ChoiceOutcome, meanOfChoices, shareCaptured } from "./choices.js";
import { grownPath } from "./grown-path.js";
import { luckBySize } from "./luck.js";
import { pickFor, type TextEmbeddings } from "./pick.js";
import type { PickerCost } from "./picker-cost.js";
import { pickers as allPickers, pickerName, pickersIn } from "./pickers.js";
import { meanRegret, type PickerOptions, type PoolSpread, type RegretRow, regretBesideRandom } from "./regret.js";
import { type TargetFreeRow, targetFreeDrop, targetFreeRegret } from "./target-free.js";

/** The pools of a study: their domains and how many mixtures and tests they hold. */
export function poolTable(study: Study, singles: readonly TrainRow[]): Cells[] {
  return madeFrom(
    poolSingles(study, singles).map(({ method, seed, rows }) => ({
      ...{ method, seed },
      domains: rows.map(({ domain }) => domain).join(", "),
      mixtures: 2 ** rows.length - 1,
      tests: rows.length * 2 ** (rows.length - 1),
    })),
    singles,
  );
}

/** Regret of every picker, alone and beside a random choice, with intervals over targets; in points. */
export function regretTable(rows: readonly RegretRow[]): Cells[] {
  return madeFrom(
    pickersIn(rows).map((picker) => ({
      "chosen by": pickerName(picker),
      "regret [95%]": formatEffect(meanRegret(rows, picker)),
      "beside random [95%]": picker === "random" ? "" : formatEffect(regretBesideRandom(rows, picker)),
      "share of best − random (%)": captured(rows, picker),
      "at least as good as the best": `${share(rows.filter((row) => row.picker === picker))}`,
    })),
    rows,
  );
}

/** 1 − Σ regret / Σ regret of a random choice: what a picker captures of the gain of the cross-fitted best. */
function captured(rows: readonly RegretRow[], picker: RegretRow["picker"]): string {
  const total = (name: RegretRow["picker"]) =>
    rows.reduce((sum, row) => (row.picker === name ? sum + row.regret : sum), 0);
  const gain = total("random");
  return gain > 0 ? formatFixed(100 * (1 - total(picker) / gain), 0) : "–";
}

/**
 * What algorithm 1 chooses between the best, a random choice and the worst, in points with intervals over targets. The best
 * and the worst stand cross-fitted, and as the paper takes them, on the very examples that chose them.
 */
export function fsdChoiceTable(rows: readonly ChoiceOutcome[]): Cells[] {
  const choices: [string, (row: ChoiceOutcome) => number][] = [
    ["best on test (the paper's maximum)", ({ max }) => max],
    ["best, cross-fitted", ({ best }) => best],
    ["least-FSD choice", ({ leastFsd }) => leastFsd],
    ["at random (mean)", ({ mean }) => mean],
    ["most-FSD choice", ({ mostFsd }) => mostFsd],
    ["worst, cross-fitted", ({ worst }) => worst],
    ["worst on test (the paper's minimum)", ({ min }) => min],
  ];
  return madeFrom(
    choices.map(([name, value]) => ({
      mixture: name,
      "beside single adapters [95%]": formatEffect(meanOfChoices(rows, (row) => value(row) - row.single)),
      "beside a random choice [95%]": formatEffect(meanOfChoices(rows, (row) => value(row) - row.mean)),
      "share of best − random (%)": formatEffect(scaleEffect(shareCaptured(rows, value), 100), 0),
    })),
    rows,
  );
}

function share(rows: readonly RegretRow[]): string {
  return `${rows.filter(({ regret }) => regret <= 0).length} of ${rows.length}`;
}

/** What choosing on the test examples claims, and how much of that is luck, by size; averaged over targets. */
export function luckTable(spread: readonly PoolSpread[]): Cells[] {
  return madeFrom(
    luckBySize(spread).map(({ size, mixtures, mean, crossFitted, testChosen, luck }) => ({
      "adapters mixed": size,
      "mixtures a target": mixtures,
      "mean (%)": 100 * mean,
      "cross-fitted best (%)": 100 * crossFitted,
      "best on test (%)": 100 * testChosen,
      "best on test over mean": 100 * (testChosen - mean),
      "by luck alone": 100 * luck,
    })),
    spread,
  );
}

/** Mixtures chosen without a target: mean drop over members and regret, in points, with intervals over domains. */
export function targetFreeTable(rows: readonly TargetFreeRow[]): Cells[] {
  return madeFrom(
    pickersIn(rows).map((picker) => ({
      "chosen by": pickerName(picker),
      "mean drop [95%]": formatEffect(targetFreeDrop(rows, picker)),
      "regret [95%]": picker === "best" ? "" : formatEffect(targetFreeRegret(rows, picker)),
    })),
    rows,
  );
}

/** What each picker costs; of its time only the order of size, which is the same from run to run. */
export function costTable(costs: readonly PickerCost[]): Cells[] {
  return costs.map(({ picker, milliseconds, texts }) => ({
    "chosen by": pickerName(picker),
    takes: orderOfTime(milliseconds / 1000),
    "texts through the model": texts,
  }));
}

function orderOfTime(seconds: number): string {
  if (seconds < 0.01) return "milliseconds";
  if (seconds < 1) return "fractions of a second";
  if (seconds < 60) return "seconds";
  return seconds < 3600 ? "minutes" : "hours";
}

/** What every picker takes for one target at one size, and how that mixture does. */
export function choiceTable(
  study: Study,
  pool: Pool,
  texts: TextEmbeddings,
  choice: { target: string; size: number } & PickerOptions,
): Cells[] {
  const target = pool.rows.findIndex(({ domain }) => domain === choice.target);
  if (target < 0) {
    throw new Error(`"${choice.target}" is not in the pool: ${pool.rows.map(({ domain }) => domain).join(", ")}.`);
  }
  const single = scoreOf(pool, [target], target).test;
  return madeFrom(
    Object.entries(choice.pickers ?? allPickers).map(([name, picker]) => {
      const set = pickFor(study, pool, picker, target, texts)[choice.size - 1];
      if (!set) throw new Error(`The pool has ${pool.rows.length} adapters, not ${choice.size}.`);
      const { test } = scoreOf(pool, set, target);
      return {
        "chosen by": pickerName(name),
        mixed: set.map((member) => pool.rows[member].domain).join(" + "),
        "accuracy (%)": 100 * test,
        "drop (points)": 100 * (single - test),
      };
    }),
    pool,
    texts,
  );
}

/** The greedy order by FSD alone over all adapters given: without a target, then from each domain in turn. */
export function greedyOrderTable(study: Study, singles: readonly TrainRow[]): Cells[] {
  const matrix = pairwiseFsd(study, singles);
  return madeFrom(
    [undefined, ...singles.keys()].map((target) => {
      const steps = grownPath(matrix, target);
      const order = steps.map(({ added }) => singles[added].domain);
      const [pair] = steps.slice(1);
      return {
        from: target === undefined ? "(no target)" : order[0],
        "then, in order": order.slice(target === undefined ? 0 : 1).join(", "),
        "FSD at two (%)": 100 * pair.score,
        "FSD at half (%)": 100 * steps[Math.floor(singles.length / 2) - 1].score,
      };
    }),
    singles,
  );
}
