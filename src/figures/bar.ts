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

/** Bars of one colour over categories; `low` and `high` are the ends of each bar's interval. */
export interface BarGroup {
  name: string;
  categories: readonly string[];
  values: readonly number[];
  low?: readonly number[];
  high?: readonly number[];
}

function whiskers({ values, low, high }: BarGroup): object {
  if (!low || !high) return {};
  const array = finite(high.map((end, index) => end - values[index]));
  const arrayminus = finite(values.map((value, index) => value - low[index]));
  return { error_y: { type: "data", symmetric: false, array, arrayminus, thickness: 1.2, width: 3, color: "#222222" } };
}

/**
 * Grouped bars over named categories, with optional intervals and reference levels.
 * @throws if the lists of a group differ in length
 */
export function barFigure(groups: readonly BarGroup[], options: FigureOptions & { levels?: Level[] }): Figure {
  const data: Trace[] = groups.map((group, index) => {
    checkLengths(group.name, {
      categories: group.categories,
      values: group.values,
      low: group.low,
      high: group.high,
    });
    const round = Math.floor(index / 7);
    return {
      type: "bar",
      name: plain(group.name),
      x: group.categories.map(plain),
      y: finite(group.values),
      marker: { color: seriesStyle(index).color, pattern: { shape: ["", "/", "x"][round % 3], fgcolor: "#ffffff" } },
      ...whiskers(group),
    };
  });
  const categories = [...new Set(groups.flatMap((group) => [...group.categories]))].map(plain);
  if (categories.length > 0) {
    data.push(...levelTraces(options.levels ?? [], categories[0], categories[categories.length - 1]));
  }
  const layout = styledLayout(options);
  const xaxis = { ...(layout.xaxis as object), type: "category", categoryarray: categories, gridcolor: "#ffffff" };
  return fitLegend({ data, layout: { ...layout, barmode: "group", bargap: 0.25, xaxis, showlegend: data.length > 1 } });
}
