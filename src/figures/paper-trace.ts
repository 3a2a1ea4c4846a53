import { type Figure, finite, plain, type Trace } from "./figure.js";
import { wholeTicks } from "./line.js";

/** Numbers of the paper for a figure: a line, or points alone. */
export interface PaperSeries {
  name: string;
  x: readonly number[];
  /** NaN where a number could not be read off. */
  y: readonly number[];
  points?: boolean;
  labels?: readonly string[];
  symbol?: string;
}

/** The colour of whatever comes from the paper, in every figure. */
export const paperColor = "#7a7a7a";

/** Numbers of the paper as a trace: grey, dashed, with hollow marks, so that they are told from ours at once. */
export function paperTrace({ name, x, y, points = false, labels, symbol = "circle-open" }: PaperSeries): Trace {
  return {
    type: "scatter",
    mode: points ? "markers" : "lines+markers",
    name: plain(name),
    legendgroup: name,
    x: [...x],
    y: finite(y),
    ...(labels ? { text: labels.map(plain), hovertemplate: "%{text}<br>%{x}, %{y}" } : {}),
    ...(points ? {} : { line: { color: paperColor, dash: "dash", width: 1.5 } }),
    marker: { color: paperColor, symbol, size: 6, line: { width: 1.3, color: paperColor } },
  };
}

/** A figure with traces of the paper behind its own series; its horizontal axis has ticks for the numbers of both. */
export function withPaper(figure: Figure, theirs: readonly Trace[]): Figure {
  const data = [...figure.data, ...theirs];
  const ticks = wholeTicks(data.flatMap(({ x }) => (x as number[] | undefined) ?? []));
  const xaxis = { ...(figure.layout.xaxis as object), ...ticks };
  return { data, layout: { ...figure.layout, xaxis } };
}
