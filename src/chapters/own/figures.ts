import { formatFixed } from "../../display/number-format.js";
import { barFigure } from "../../figures/bar.js";
import { type Figure, palette } from "../../figures/figure.js";
import { heatmapFigure } from "../../figures/heatmap.js";
import { lineFigure } from "../../figures/line.js";
import { madeFrom } from "../../results/origin.js";
import type { Effect } from "../../statistics/effect.js";
import type { Advice, AdviceVerdict } from "./advice.js";
import type { OwnTraining } from "./train-own.js";

/** The verdicts of tested sets, each with its colour. */
const shownVerdicts: readonly (readonly [AdviceVerdict, string])[] = [
  ["mix", palette[2]],
  ["too close to call", palette[5]],
  ["do not mix", palette[1]],
];

/** Most bars that can be told apart; beyond, the losses of pairs are cells. */
const MOST_BARS = 24;

/**
 * What each member of each tested set loses, with its interval, coloured by the set's verdict, and the margin as a line. A
 * proposal that weighs its set in another way stands beside it. Many adapters make a matrix of pairs instead.
 *
 * @throws if nothing was tested
 */
export function adviceFigure(advice: Advice): Figure {
  const bars = barsOf(advice);
  if (bars.length === 0) throw new Error("No set of these adapters was tested, so there is nothing to draw.");
  return madeFrom(bars.length > MOST_BARS ? lossMatrix(advice) : lossBars(bars, advice.margin), advice);
}

function lossBars(bars: readonly Bar[], margin: number): Figure {
  const groups = shownVerdicts
    .map(([verdict, color]) => ({ verdict, color, own: bars.filter((bar) => bar.verdict === verdict) }))
    .filter(({ own }) => own.length > 0);
  const figure = barFigure(
    groups.map(({ verdict, own }) => ({
      name: verdict,
      categories: own.map(({ category }) => category),
      values: own.map(({ lost }) => lost.effect),
      low: own.map(({ lost }) => lost.low),
      high: own.map(({ lost }) => lost.high),
    })),
    {
      title: "What each adapter loses by being mixed",
      x: "adapter, and what it is mixed with",
      y: "points of accuracy lost on its dev rows",
      levels: [{ name: `margin, ${margin} points`, y: margin }],
    },
  );
  const order = bars.map(({ category }) => category);
  const data = figure.data.map((trace, i) =>
    i < groups.length
      ? { ...trace, marker: { color: groups[i].color } }
      : { ...trace, x: [order[0], order[order.length - 1]] },
  );
  const { xaxis } = figure.layout as { xaxis?: object };
  // one bar a category, so that none stands beside its place
  return { data, layout: { ...figure.layout, barmode: "overlay", xaxis: { ...xaxis, categoryarray: order } } };
}

function lossMatrix({ members, pairs, margin }: Advice): Figure {
  const names = members.map(({ name }) => name);
  const lossOf = (target: string, partner: string) =>
    pairs
      .find((pair) => pair.members.includes(target) && pair.members.includes(partner))
      ?.targets.find(({ name }) => name === target)?.lost.effect ?? Number.NaN;
  const values = names.map((target) =>
    names.map((partner) => (target === partner ? Number.NaN : lossOf(target, partner))),
  );
  return heatmapFigure(
    { rows: names, columns: names, values },
    {
      ...{ title: "What each adapter loses by being mixed with one other", x: "mixed with", y: "adapter" },
      ...{ unit: "points lost", scale: "diverging", middle: margin, digits: 0 },
    },
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
