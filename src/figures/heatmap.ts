import { type Figure, type FigureOptions, finite, ink, plain, styledLayout, type Trace } from "./figure.js";

/** ColorBrewer's YlGnBu: lightness falls evenly, and its lightest still differs from an empty cell's white. */
const sequential: [number, string][] = [
  [0, "#ffffd9"],
  [0.25, "#a8ddb7"],
  [0.5, "#41b6c4"],
  [0.75, "#225ea8"],
  [1, "#081d58"],
];
/** ColorBrewer's PuOr: orange below, white at the middle, purple above. */
const diverging: [number, string][] = [
  [0, "#b35806"],
  [0.25, "#fdb863"],
  [0.5, "#f7f7f7"],
  [0.75, "#b2abd2"],
  [1, "#542788"],
];

/** A matrix of numbers with named rows (drawn from the top) and columns; NaN leaves a cell empty. */
export interface Matrix {
  rows: readonly string[];
  columns: readonly string[];
  /** [row][column] */
  values: readonly (readonly number[])[];
}

/**
 * A heatmap with one crisp cell for each value.
 * @param options.unit title of the colour bar
 * @param options.scale "diverging" centres the colours on `middle` (default 0)
 * @param options.digits writes the values into the cells with so many digits after the point
 * @throws if the matrix does not have the shape that its row and column names give it
 */
export function heatmapFigure(
  matrix: Matrix,
  options: FigureOptions & {
    unit: string;
    scale?: "sequential" | "diverging";
    middle?: number;
    range?: [number, number];
    digits?: number;
  },
): Figure {
  const { rows, columns, values } = matrix;
  const wrong = values.length !== rows.length || values.some((row) => row.length !== columns.length);
  if (wrong)
    throw new Error(`heatmap: values must have ${rows.length} rows of ${columns.length} columns, as the names say`);
  const { scale = "sequential", middle = 0, range, digits, unit } = options;
  const trace: Trace = {
    type: "heatmap",
    x: columns.map(plain),
    y: rows.map(plain),
    z: values.map(finite),
    xgap: 1,
    ygap: 1,
    colorscale: scale === "diverging" ? diverging : sequential,
    colorbar: { title: { text: plain(unit), side: "right" }, thickness: 14, outlinewidth: 0, ticks: "outside" },
    ...(range ? { zmin: range[0], zmax: range[1] } : {}),
    ...(scale === "diverging" && !range ? { zmid: middle } : {}),
    ...(digits === undefined ? {} : { texttemplate: `%{z:.${digits}f}`, textfont: { size: 10 } }),
    hovertemplate: `%{y}, %{x}: %{z}<extra></extra>`,
  };
  const { width = 700, height = Math.max(360, 170 + 26 * rows.length) } = options;
  const layout = styledLayout({ ...options, width, height });
  const names = { type: "category", showgrid: false, showline: false, ticks: "", tickfont: { size: 11, color: ink } };
  const xaxis = { ...(layout.xaxis as object), ...names, tickangle: columns.length > 8 ? -45 : 0 };
  const yaxis = { ...(layout.yaxis as object), ...names, autorange: "reversed" };
  return { data: [trace], layout: { ...layout, xaxis, yaxis } };
}
