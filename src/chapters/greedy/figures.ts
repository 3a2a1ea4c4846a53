import { mean } from "simple-statistics";
import type { Figure } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import { methodName } from "../../figures/method-name.js";
import { panelsOf } from "../../figures/panels.js";
import { enumerateMixtures } from "../../mixing/subsets.js";
import { madeFrom } from "../../results/origin.js";
import type { SignDifferenceOptions } from "../../signs/sign-difference.js";
import type { Study } from "../../study/study.js";
import { pairwiseFsd } from "../conflict/pairwise.js";
import { groupSingles } from "../train/groups.js";
import type { TrainRow } from "../train/train-unit.js";
import { grownPath, meanOfPairs } from "./grown-path.js";
import { pickerName, pickersIn } from "./pickers.js";
import type { PoolSpread, RegretRow } from "./regret.js";

/**
 * Accuracy on the target against the number mixed: the greedy choice by FSD between the best, the mean, the median and
 * the worst of all mixtures with the target; averaged over targets and seeds, one panel a method.
 */
export function greedyFigure(spread: readonly PoolSpread[], rows: readonly RegretRow[]): Figure {
  const title = "Greedy mixing between the best and the worst mixture";
  const panels = methodsOf(spread).map((method) => {
    const own = spread.filter((row) => row.method === method);
    const sizes = sizesOf(own);
    const curve = (name: string, value: (row: PoolSpread) => number) => ({
      name,
      x: sizes,
      y: sizes.map((size) => mean(own.filter((row) => row.size === size).map(value))),
    });
    const chosen = rows.filter((row) => row.method === method && row.picker === "fsd");
    const greedy = sizes.map((size) => mean(chosen.filter((row) => row.size === size).map(({ accuracy }) => accuracy)));
    const figure = lineFigure(
      [
        { name: "greedy, least FSD", x: sizes, y: greedy },
        curve("cross-fitted best", (row) => row.crossFitted),
        curve("best on test (flattered)", (row) => row.testChosen),
        curve("mean, or at random", (row) => row.mean),
        curve("median", (row) => row.median),
        curve("worst", (row) => row.worst),
      ],
      { title, x: "adapters mixed (k)", y: "accuracy on the target (%)", percent: "y" },
    );
    return { title: methodName(method), figure };
  });
  return madeFrom(panelsOf(panels, title), spread, rows);
}

/** Regret of every picker against the number mixed, averaged over targets, methods and seeds. */
export function regretFigure(rows: readonly RegretRow[]): Figure {
  const sizes = sizesOf(rows);
  const series = pickersIn(rows).map((picker) => ({
    name: pickerName(picker),
    x: sizes,
    y: sizes.map((size) =>
      mean(rows.filter((row) => row.picker === picker && row.size === size).map(({ regret }) => regret)),
    ),
  }));
  return madeFrom(
    lineFigure(series, {
      title: "Regret of each way to choose, by the number of adapters mixed",
      x: "adapters mixed (k)",
      y: "regret (points below the cross-fitted best)",
      levels: [{ name: "cross-fitted best", y: 0 }],
    }),
    rows,
  );
}

/**
 * FSD of the set against its size over all domains: the greedy path without a target, and the least, mean and most of all
 * sets of the size, of the first seed; one panel a method. No mixture is tested.
 */
export function greedyFsdFigure(
  study: Study,
  singles: readonly TrainRow[],
  options: SignDifferenceOptions = {},
): Figure {
  const title = "Sign difference of the greedy set, against all sets of its size";
  const [{ seed }] = singles;
  const groups = groupSingles(singles.filter((row) => row.seed === seed));
  const panels = groups.map(({ method, rows }) => {
    const matrix = pairwiseFsd(study, rows, options);
    const steps = grownPath(matrix).slice(1);
    const sizes = steps.map(({ members }) => members.length);
    const all = sizes.map((size) =>
      enumerateMixtures(rows.length, { sizes: [size] }).map((set) => meanOfPairs(matrix, set)),
    );
    const band = { low: all.map((values) => Math.min(...values)), high: all.map((values) => Math.max(...values)) };
    const figure = lineFigure(
      [
        { name: "greedy, least FSD", x: sizes, y: steps.map(({ score }) => score) },
        { name: "all sets (mean; band: least to most)", x: sizes, y: all.map((values) => mean(values)), ...band },
      ],
      { title, x: "adapters in the set (k)", y: "mean pairwise FSD (%)", percent: "y" },
    );
    return { title: methodName(method), figure };
  });
  return madeFrom(panelsOf(panels, title), groups);
}

function methodsOf(rows: readonly { method: string }[]): string[] {
  return [...new Set(rows.map(({ method }) => method))];
}

function sizesOf(rows: readonly { size: number }[]): number[] {
  return [...new Set(rows.map(({ size }) => size))].sort((a, b) => a - b);
}
