import {
  checkLengths,
  type Figure,
  type FigureOptions,
  finite,
  fitLegend,
  plain,
  seriesStyle,
  styledLayout,
  type Trace,
} from "./figure.js";
import type { LineSeries } from "./line.js";

/** Points of one colour; `labels` are shown when the pointer is over a point. */
export interface PointGroup {
  name: string;
  x: readonly number[];
  y: readonly number[];
  labels?: readonly string[];
}

/**
 * Points, one colour and symbol a group, with optional lines (a fit, a bound) over them.
 * @throws if the lists of a group differ in length
 */
export function scatterFigure(
  groups: readonly PointGroup[],
  options: FigureOptions & { lines?: readonly LineSeries[]; markerSize?: number },
): Figure {
  const { lines = [], markerSize = 7 } = options;
  const data: Trace[] = groups.map((group, index) => {
    checkLengths(group.name, { x: group.x, y: group.y, labels: group.labels });
    const { color, symbol } = seriesStyle(index);
    return {
      type: "scatter",
      mode: "markers",
      name: plain(group.name),
      x: finite(group.x),
      y: finite(group.y),
      ...(group.labels ? { text: group.labels.map(plain), hovertemplate: "%{text}<br>%{x}, %{y}" } : {}),
      marker: { color, symbol, size: markerSize, opacity: 0.75, line: { width: 0.5, color: "#ffffff" } },
    };
  });
  for (const line of lines) {
    checkLengths(line.name, { x: line.x, y: line.y });
    const style = { color: "#222222", dash: "dash", width: 1.5 };
    data.push({
      type: "scatter",
      mode: "lines",
      name: plain(line.name),
      x: [...line.x],
      y: finite(line.y),
      line: style,
    });
  }
  return fitLegend({ data, layout: styledLayout(options) });
}
