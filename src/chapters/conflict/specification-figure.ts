import { formatFixed } from "../../display/number-format.js";
import { type Figure, finite, heading, palette, styledLayout, type Trace } from "../../figures/figure.js";
import { methodName } from "../../figures/method-name.js";
import { madeFrom } from "../../results/origin.js";
import type { MeasuredSpecification } from "./measured-specifications.js";
import { type ConflictMeasure, type Prediction, type Specification, specificationKey } from "./specification.js";

const measureNames: Record<ConflictMeasure, string> = {
  fsd: "FSD",
  flipShare: "flip share",
  fsdOfChange: "FSD of the change",
  distance: "distance alone",
  sameStart: "same start alone",
};

const regimeNames = {
  shared: "one start",
  byClasses: "starts by classes",
  separate: "own starts",
  equal: "equal steps",
  byEpochs: "steps by epochs",
} as const;

/** The choices of a specification, as rows under the curve. */
function choicesOf({ start, schedule, method, size, measure }: Specification): string[] {
  return [regimeNames[start], regimeNames[schedule], methodName(method), `${size} adapters`, measureNames[measure]];
}

/**
 * The specification curve: the correlation of conflict and accuracy for every combination that was run, rising from left to
 * right, with its 95% interval and what was predicted; below, the choices of each. Those that are not defined stand at the
 * right, marked as such.
 */
export function specificationFigure(
  measured: readonly MeasuredSpecification[],
  predictions: readonly Prediction[],
): Figure {
  const value = ({ found }: MeasuredSpecification) => ("undecided" in found ? Number.POSITIVE_INFINITY : found.effect);
  const order = [...measured].sort(
    (a, b) => value(a) - value(b) || (specificationKey(a) < specificationKey(b) ? -1 : 1),
  );
  const places = order.map((_, i) => i + 1);
  const decided = order.flatMap(({ found }, i) => ("undecided" in found ? [] : [{ x: i + 1, ...found }]));
  const undefinedAt = order.flatMap(({ found }, i) =>
    "undecided" in found ? [{ x: i + 1, why: found.undecided }] : [],
  );
  const predicted = new Map(predictions.map((prediction) => [specificationKey(prediction), prediction]));
  const expected = order.flatMap((specification, i) => {
    const { expected, low, high } = predicted.get(specificationKey(specification)) ?? { expected: null };
    return expected === null || low === undefined || high === undefined ? [] : [{ x: i + 1, expected, low, high }];
  });
  const marks = { type: "scatter", mode: "markers" };
  const bars = (from: readonly { y: number; low: number; high: number }[], color: string, width: number) => ({
    ...{ type: "data", symmetric: false, color, thickness: width, width: 0 },
    array: from.map(({ y, high }) => high - y),
    arrayminus: from.map(({ y, low }) => y - low),
  });
  const grey = "#9a9a9a";
  const data: Trace[] = [
    {
      ...{ ...marks, name: "predicted, 4 in 5 sure" },
      x: expected.map(({ x }) => x),
      y: expected.map((one) => one.expected),
      error_y: bars(
        expected.map((one) => ({ y: one.expected, low: one.low as number, high: one.high as number })),
        "#c4c4c4",
        4,
      ),
      marker: { color: "#ffffff", symbol: "diamond", size: 6, line: { color: grey, width: 1.2 } },
    },
    {
      ...{ ...marks, name: "found, 95% interval" },
      x: decided.map(({ x }) => x),
      y: finite(decided.map(({ effect }) => effect)),
      error_y: bars(
        decided.map(({ effect, low, high }) => ({ y: effect, low, high })),
        palette[0],
        1.2,
      ),
      text: decided.map(({ x }) => choicesOf(order[x - 1]).join(", ")),
      hovertemplate: "%{text}<br>%{y}",
      marker: { color: palette[0], size: 6 },
    },
    {
      ...{ ...marks, name: "not defined" },
      x: undefinedAt.map(({ x }) => x),
      y: undefinedAt.map(() => 0),
      text: undefinedAt.map(({ x, why }) => `${choicesOf(order[x - 1]).join(", ")}: ${why}`),
      hovertemplate: "%{text}",
      marker: { color: palette[1], symbol: "x", size: 7 },
    },
  ].filter(({ x }) => x.length > 0);
  const rows = order.map(choicesOf);
  const levels = [0, 1, 2, 3, 4].flatMap((part) => [...new Set(rows.map((choices) => choices[part]))].sort(byNumber));
  data.push({
    ...{ ...marks, name: "choices", showlegend: false, hoverinfo: "skip", yaxis: "y2" },
    x: rows.flatMap((choices, i) => choices.map(() => i + 1)),
    y: rows.flat(),
    marker: { color: "#444444", symbol: "square", size: 5 },
  });
  const title = "Conflict and accuracy within targets, for every way to ask that was run";
  const subtitle = "rank correlations; predictions were committed before the runs";
  const height = 420 + 17 * levels.length;
  const layout = styledLayout({ title, subtitle, x: "", y: "rank correlation", width: 900, height });
  const share = (17 * levels.length) / (height - heading(title, subtitle, 900).top - 40);
  const plain = { showgrid: true, gridcolor: "#eeeeee", zeroline: false, automargin: true };
  return madeFrom(
    {
      data,
      layout: {
        ...layout,
        xaxis: {
          range: [0.4, places.length + 0.6],
          showticklabels: false,
          showgrid: false,
          zeroline: false,
          anchor: "y2",
        },
        yaxis: {
          ...(layout.yaxis as object),
          ...{ domain: [share + 0.04, 1], range: [-1.02, 1.02], zeroline: true, zerolinecolor: "#777777" },
        },
        yaxis2: {
          ...plain,
          ...{ domain: [0, share], type: "category", categoryorder: "array", categoryarray: levels },
          ...{ autorange: "reversed", tickfont: { size: 10 } },
        },
        margin: { ...layout.margin, t: layout.margin.t + 24 },
        legend: { ...(layout.legend as object), orientation: "h", x: 0, y: 1.01, yanchor: "bottom" },
      },
    },
    measured,
  );
}

function byNumber(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => Number.parseFloat(text));
  return Number.isNaN(x) || Number.isNaN(y) ? 0 : x - y;
}

/** How many of the correlations lie where they were predicted, and how many are surely below 0. */
export function describeSpecifications(
  measured: readonly MeasuredSpecification[],
  predictions: readonly Prediction[],
): string {
  const predicted = new Map(predictions.map((prediction) => [specificationKey(prediction), prediction]));
  const decided = measured.flatMap((one) => ("undecided" in one.found ? [] : [{ ...one, found: one.found }]));
  const none = measured.length - decided.length;
  const missing = none === 0 ? "" : ` ${none} of ${measured.length} combinations are not defined and stay empty.`;
  if (decided.length === 0) return `No combination has a correlation.${missing}`;
  const inside = decided.filter((one) => {
    const { low, high } = predicted.get(specificationKey(one)) ?? { low: null, high: null };
    return low !== null && high !== null && low <= one.found.effect && one.found.effect <= high;
  });
  const told = decided.filter((one) => (predicted.get(specificationKey(one))?.expected ?? null) !== null);
  const below = decided.filter(({ found }) => found.high < 0).length;
  const above = decided.filter(({ found }) => found.low > 0).length;
  const sorted = [...decided].sort((a, b) => a.found.effect - b.found.effect);
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const name = (one: Specification) => choicesOf(one).join(", ");
  return (
    `Of ${decided.length} correlations ${below} are below 0 with their whole interval and ${above} above; ` +
    `${inside.length} of ${told.length} lie where they were predicted. The least is ${formatFixed(least.found.effect, 2)} ` +
    `(${name(least)}), the largest ${formatFixed(most.found.effect, 2)} (${name(most)}).${missing}`
  );
}
