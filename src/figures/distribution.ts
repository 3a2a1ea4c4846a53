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

/** Values whose distribution is drawn; with `categories`, one box or violin for each category. */
export interface ValueGroup {
  name: string;
  values: readonly number[];
  categories?: readonly (string | number)[];
}

function distribution(groups: readonly ValueGroup[], options: FigureOptions, settings: Omit<Trace, "name">): Figure {
  const grouped = groups.some((group) => group.categories);
  const data: Trace[] = groups.map((group, index) => {
    checkLengths(group.name, { values: group.values, categories: group.categories });
    const { color } = seriesStyle(index);
    return {
      ...(settings as Trace),
      name: plain(group.name),
      y: finite(group.values),
      ...(group.categories ? { x: group.categories.map((category) => plain(String(category))) } : {}),
      line: { color, width: 1.5 },
      fillcolor: `${color}55`, // a third of full opacity, so that the line inside stays visible
      marker: { color, size: 4 },
    };
  });
  const mode = settings.type === "box" ? "boxmode" : "violinmode";
  const layout = styledLayout(options);
  const xaxis = { ...(layout.xaxis as object), type: "category", gridcolor: "#ffffff" };
  return fitLegend({ data, layout: { ...layout, [mode]: grouped ? "group" : "overlay", xaxis, showlegend: grouped } });
}

/** Box plots: quartiles, whiskers to 1.5 times the interquartile range, outliers as points. */
export function boxFigure(groups: readonly ValueGroup[], options: FigureOptions): Figure {
  return distribution(groups, options, { type: "box", boxpoints: "outliers", quartilemethod: "linear" });
}

/** Violins (kernel density) with the quartiles as a box and the mean as a line inside. */
export function violinFigure(groups: readonly ValueGroup[], options: FigureOptions): Figure {
  const inside = { box: { visible: true, width: 0.2 }, meanline: { visible: true }, points: false, spanmode: "hard" };
  return distribution(groups, options, { type: "violin", ...inside });
}
