import { barFigure } from "../../figures/bar.js";
import type { Figure } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import type { Advice, AdviceVerdict } from "./advice.js";
import type { OwnTraining } from "./train-own.js";

const shownVerdicts: readonly AdviceVerdict[] = ["mix", "too close to call", "do not mix"];

/**
 * What each member of each tested set loses, with its interval, coloured by the set's verdict, and the margin as a line.
 *
 * @throws if nothing was tested
 */
export function adviceFigure(advice: Advice): Figure {
  const sets = [...advice.pairs, ...advice.grown].filter(({ targets }) => targets.length > 0);
  if (sets.length === 0) throw new Error("No set of these adapters was tested, so there is nothing to draw.");
  const bars = sets.flatMap(({ members, verdict, targets }) =>
    targets.map(({ name, lost }) => ({ category: `${name} in ${members.join(" + ")}`, verdict, lost })),
  );
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
    x: "adapter in the average of",
    y: "points of accuracy lost on its dev rows",
    levels: [{ name: `margin, ${advice.margin} points`, y: advice.margin }],
  });
  // one bar a category, so that none stands beside its place
  return { ...figure, layout: { ...figure.layout, barmode: "overlay" } };
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
