import { formatFixed } from "../../display/number-format.js";
import { barFigure } from "../../figures/bar.js";
import type { Figure } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import { madeFrom } from "../../results/origin.js";
import type { Effect } from "../../statistics/effect.js";
import type { Advice, AdviceVerdict } from "./advice.js";
import type { OwnTraining } from "./train-own.js";

const shownVerdicts: readonly AdviceVerdict[] = ["mix", "too close to call", "do not mix"];

/**
 * What each member of each tested set loses, with its interval, coloured by the set's verdict, and the margin as a line. A
 * proposal that weighs its set in another way stands beside it.
 *
 * @throws if nothing was tested
 */
export function adviceFigure(advice: Advice): Figure {
  const bars = barsOf(advice);
  if (bars.length === 0) throw new Error("No set of these adapters was tested, so there is nothing to draw.");
  const groups = shownVerdicts
    .map((verdict) => ({ verdict, own: bars.filter((bar) => bar.verdict === verdict) }))
    .filter(({ own }) => own.length > 0)
    .map(({ verdict, own }) => ({
      name: verdict,
      categories: own.map(({ category }) => category),
      values: own.map(({ lost }) => lost.effect),
      low: own.map(({ lost }) => lost.low),
      high: own.map(({ lost }) => lost.high),
    }));
  const figure = barFigure(groups, {
    title: "What each adapter loses by being mixed",
    x: "adapter, and what it is mixed with",
    y: "points of accuracy lost on its dev rows",
    levels: [{ name: `margin, ${advice.margin} points`, y: advice.margin }],
  });
  const { xaxis } = figure.layout as { xaxis?: object };
  const categoryarray = bars.map(({ category }) => category);
  // one bar a category, so that none stands beside its place
  return madeFrom(
    { ...figure, layout: { ...figure.layout, barmode: "overlay", xaxis: { ...xaxis, categoryarray } } },
    advice,
  );
}

interface Bar {
  category: string;
  verdict: AdviceVerdict;
  lost: Effect;
}

function barsOf({ pairs, grown, proposal }: Advice): Bar[] {
  const label = (name: string, members: readonly string[], way = "") =>
    `${name}, with ${members.filter((other) => other !== name).join(" + ")}${way}`;
  const tested = [...pairs, ...grown].flatMap(({ members, verdict, targets }) =>
    targets.map(({ name, lost }) => ({ category: label(name, members), verdict, lost })),
  );
  if (!proposal || proposal.tried[0].worst === proposal.worst) return tested;
  const { members, verdict, targets, lambda, coefficients } = proposal;
  const even = new Set(coefficients).size === 1;
  const way = even && lambda !== undefined ? `, λ ${formatFixed(lambda, 2)}` : ", weighted";
  return [...tested, ...targets.map(({ name, lost }) => ({ category: label(name, members, way), verdict, lost }))];
}

/** Accuracy on the dev rows over the steps of some trainings. */
export function learningCurveFigure(trainings: readonly OwnTraining[]): Figure {
  const series = trainings.map(({ adapter, history }) => ({
    name: adapter.name,
    x: history.dev.map(({ step }) => step),
    y: history.dev.map(({ accuracy }) => accuracy),
  }));
  return lineFigure(series, {
    title: "Accuracy on the dev rows while training",
    x: "steps",
    y: "accuracy on the dev rows (%)",
    percent: "y",
  });
}
