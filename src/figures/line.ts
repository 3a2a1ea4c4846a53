import {
  checkLengths,
  type Figure,
  type FigureOptions,
  finite,
  fitLegend,
  type Level,
  levelTraces,
  plain,
  seriesStyle,
  styledLayout,
  type Trace,
} from "./figure.js";

/** One line of a figure; `low` and `high` draw a band (an interval) around it. */
export interface LineSeries {
  name: string;
  x: readonly number[];
  y: readonly number[];
  low?: readonly number[];
  high?: readonly number[];
}

function band(series: LineSeries, color: string): Trace[] {
  if (!series.low || !series.high) return [];
  const { x } = series;
  return [
    {
      type: "scatter",
      mode: "lines",
      legendgroup: series.name,
      showlegend: false,
      hoverinfo: "skip",
      x: [...x, ...[...x].reverse()],
      y: finite([...series.high, ...[...series.low].reverse()]),
      fill: "toself",
      fillcolor: `${color}26`, // the series' colour at 15 % opacity
      line: { width: 0 },
    },
  ];
}

/**
 * Lines against a numeric axis, with optional bands and horizontal reference levels.
 * @throws if the lists of a series differ in length
 */
export function lineFigure(
  series: readonly LineSeries[],
  options: FigureOptions & { levels?: Level[]; markers?: boolean },
): Figure {
  const { levels = [], markers = true } = options;
  const data: Trace[] = [];
  series.forEach((one, index) => {
    checkLengths(one.name, { x: one.x, y: one.y, low: one.low, high: one.high });
    const { color, dash, symbol } = seriesStyle(index);
    data.push(...band(one, color), {
      type: "scatter",
      mode: markers ? "lines+markers" : "lines",
      name: plain(one.name),
      legendgroup: one.name,
      x: [...one.x],
      y: finite(one.y),
      line: { color, dash, width: 2 },
      marker: { color, symbol, size: 6 },
    });
  });
  const xs = series.flatMap((one) => [...one.x]);
  const from = xs.reduce((least, x) => Math.min(least, x), Number.POSITIVE_INFINITY);
  const to = xs.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  if (xs.length > 0) data.push(...levelTraces(levels, from, to));
  const layout = styledLayout(options);
  const whole = wholeTicks(xs);
  return fitLegend({ data, layout: whole ? { ...layout, xaxis: { ...(layout.xaxis as object), ...whole } } : layout });
}

/** Few whole numbers, such as layers or sizes, get one tick each: plotly would put ticks at halves. */
export function wholeTicks(xs: readonly number[]): object | undefined {
  const values = [...new Set(xs)].sort((a, b) => a - b);
  return values.length <= 15 && values.every(Number.isInteger) ? { tickmode: "array", tickvals: values } : undefined;
}
