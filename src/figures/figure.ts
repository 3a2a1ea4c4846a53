/** The shape of a plotly figure, and the look that all of this project's figures share. */

/** One plotly trace: its `type` and that type's settings, as plotly's reference names them. */
export interface Trace {
  type: string;
  name?: string;
  [setting: string]: unknown;
}

/** A plotly layout. */
export interface Layout {
  width: number;
  height: number;
  margin: { l: number; r: number; t: number; b: number };
  [setting: string]: unknown;
}

/** A plotly figure as plain JSON: what Jupyter renders, and what {@link drawSvg} draws without a browser. */
export interface Figure {
  data: Trace[];
  layout: Layout;
}

/** What every figure is asked for. */
export interface FigureOptions {
  /** one line that says what the figure shows */
  title: string;
  /** smaller lines under the title: profile, encoder, data, seeds, choices */
  subtitle?: string;
  /** axis titles, with units */
  x: string;
  y: string;
  /** axes whose values are fractions, to be read as percentages */
  percent?: "x" | "y" | "both";
  xRange?: [number, number];
  yRange?: [number, number];
  /** pixels; default 760 × 440 */
  width?: number;
  height?: number;
}

/** A horizontal reference such as a floor or a ceiling, drawn dotted across the figure. */
export interface Level {
  name: string;
  y: number;
}

/** A floor or ceiling of one method's mixtures. */
export interface MethodLevel extends Level {
  method: string;
}

/** Okabe and Ito's colours (2008), told apart by colour-blind readers; without the yellow, which white paper swallows. */
export const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

/** Line dashes and marker symbols, used when there are more series than colours. */
const dashes = ["solid", "dash", "dot"];
const symbols = ["circle", "square", "diamond", "triangle-up", "cross", "star"];

/** Colour, dash and marker symbol of the `index`-th series. */
export function seriesStyle(index: number): { color: string; dash: string; symbol: string } {
  const round = Math.floor(index / palette.length);
  return {
    color: palette[index % palette.length],
    dash: dashes[round % dashes.length],
    symbol: symbols[round % symbols.length],
  };
}

// Wide faces of nearly equal metrics on each system; text-width.ts holds the widths of the first.
const fontFamily = "DejaVu Sans, Verdana, Bitstream Vera Sans, sans-serif";

export const ink = "#222222";
export const faintInk = "#5a5a5a";

/** Breaks a text into lines of at most `limit` characters, at spaces. */
function wrap(text: string, limit: number): string[] {
  const lines: string[] = [];
  for (const part of text.split("\n")) {
    let line = "";
    for (const word of part.split(" ")) {
      if (line && line.length + word.length + 1 > limit) {
        lines.push(line);
        line = word;
      } else line = line ? `${line} ${word}` : word;
    }
    lines.push(line);
  }
  return lines;
}

/** Text for plotly, which reads a few HTML tags in labels: angle brackets and ampersands of data are escaped. */
export function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Title and subtitle as one left-aligned text, and the top margin that they need. */
export function heading(title: string, subtitle: string | undefined, width: number): { title: object; top: number } {
  const head = wrap(title, Math.floor(width / 10)).map((line) => `<b>${plain(line)}</b>`);
  const under = subtitle ? wrap(subtitle, Math.floor((width - 40) / 6.4)) : [];
  const small = under.map((line) => `<span style="font-size:11px;color:${faintInk}">${plain(line)}</span>`);
  const lines = [...head, ...small];
  const place = { x: 0, xref: "container", xanchor: "left", y: 1, yanchor: "top" };
  // Plotly hangs a single line from its top, but the first of several from its baseline, 0.7 em higher.
  const pad = { l: 16, t: lines.length > 1 ? 24 : 14 };
  return { title: { text: lines.join("<br>"), font: { size: 15 }, ...place, pad }, top: 24 + 20 * lines.length };
}

/** Title and subtitle as they were given, kept in the layout's `meta`. */
export interface Head {
  title: string;
  subtitle?: string;
}

export function headOf({ title, subtitle }: Head): Head {
  return subtitle ? { title, subtitle } : { title };
}

/** The same figure with a line under its title, before what stands there; it grows by the room that the line takes. */
export function withSubtitle(figure: Figure, line: string): Figure {
  const { layout, data } = figure;
  const { title, subtitle } = (layout.meta ?? { title: "" }) as Head;
  const both = subtitle ? `${line}; ${subtitle}` : line;
  const { top: before } = heading(title, subtitle, layout.width);
  const { title: text, top } = heading(title, both, layout.width);
  const { margin, height } = layout;
  const meta = headOf({ title, subtitle: both });
  const taller = { height: height + top - before, margin: { ...margin, t: margin.t + top - before } };
  return { data, layout: { ...layout, ...taller, title: text, meta } };
}

function axis(title: string, percent: boolean, range: [number, number] | undefined): object {
  return {
    title: { text: plain(title), standoff: 10 },
    automargin: true,
    showline: true,
    linecolor: "#888888",
    ticks: "outside",
    tickcolor: "#888888",
    gridcolor: "#e6e6e6",
    zeroline: false,
    ...(percent ? { tickformat: ",.2~%" } : {}),
    ...(range ? { range } : {}),
  };
}

/** The shared layout: white paper in light and dark themes, titled axes, legend on the right. */
export function styledLayout(options: FigureOptions): Layout {
  const { width = 760, height = 440, percent } = options;
  const { title, top } = heading(options.title, options.subtitle, width);
  return {
    width,
    height,
    title,
    meta: headOf(options),
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    font: { family: fontFamily, size: 12, color: ink },
    colorway: palette,
    margin: { l: 64, r: 24, t: top, b: 56 },
    legend: { font: { size: 11 }, itemsizing: "constant", tracegroupgap: 2 },
    hovermode: "closest",
    xaxis: axis(options.x, percent === "x" || percent === "both", options.xRange),
    yaxis: axis(options.y, percent === "y" || percent === "both", options.yRange),
  };
}

/** Brown and violet beside the grey: no series has them, and the paper's numbers are grey. */
const levelColors = ["#555555", "#8C510A", "#762A83"];

/** Broken traces for floors and ceilings, from `from` to `to` on the x axis. */
export function levelTraces<X extends number | string>(levels: Level[], from: X, to: X): Trace[] {
  return levels.map(({ name, y }, index) => ({
    type: "scatter",
    mode: "lines",
    name: plain(name),
    x: [from, to],
    y: [y, y],
    line: { color: levelColors[index % 3], dash: ["dot", "dashdot", "dash"][index % 3], width: 1.5 },
    hovertemplate: "%{y}",
  }));
}

/** Makes a figure high enough for its legend, which a static picture cannot scroll. */
export function fitLegend(figure: Figure): Figure {
  const entries = figure.data.filter((trace) => trace.showlegend !== false).length;
  const { margin, height } = figure.layout;
  const needed = margin.t + margin.b + 22 * entries;
  return { ...figure, layout: { ...figure.layout, height: Math.max(height, needed) } };
}

/** A copy in which every NaN and infinity is null, since JSON has no other word for a missing value. */
export function finite(values: readonly number[]): (number | null)[] {
  return values.map((value) => (Number.isFinite(value) ? value : null));
}

/** Throws unless the lists that belong together are equally long. */
export function checkLengths(name: string, lists: Record<string, readonly unknown[] | undefined>): void {
  const lengths = Object.entries(lists).flatMap(([key, list]) => (list ? [`${key} has ${list.length}`] : []));
  const sizes = new Set(Object.values(lists).flatMap((list) => (list ? [list.length] : [])));
  if (sizes.size > 1) throw new Error(`series "${name}": ${lengths.join(", ")} values; give equally many of each`);
}
