import { type Figure, type FigureOptions, type Level, plain, seriesStyle } from "./figure.js";
import { type LineSeries, lineFigure } from "./line.js";

/** How a slider is labelled, and where it stands at first. */
export interface SliderOptions extends FigureOptions {
  levels?: Level[];
  /** What the slider sets, in a few words; the value follows. */
  slider: string;
  /** Position of the x at which it stands at first; the middle one unless given. */
  at?: number;
  /** A value of a series as the mark says it. */
  mark: (y: number) => string;
}

const room = 80; // pixels that the slider takes below the axis

/**
 * Lines with a slider below them: it stands at one x, and a mark on each line says the value there. Moved by hand wherever plotly draws
 * the figure; a static picture shows it as it stands at first.
 * @throws if the lines do not have the same x
 */
export function sliderFigure(series: readonly LineSeries[], options: SliderOptions): Figure {
  const { slider, mark, ...rest } = options;
  const xs = series[0]?.x ?? [];
  if (series.some(({ x }) => x.length !== xs.length || x.some((value, i) => value !== xs[i])))
    throw new Error("The lines of a figure with a slider need the same x, one position of the slider each.");
  const { at = Math.floor(xs.length / 2) } = options;
  // fixed, so that the axes stand still while the marks move
  const fixed = {
    xRange: around(xs, 0.02, 0.02),
    yRange: around(
      series.flatMap(({ y }) => [...y]),
      0.05,
      0.1,
    ),
  };
  const { data, layout } = lineFigure(series, { ...fixed, ...rest, markers: false });
  const places = series.map((_, i) => data.length + i);
  const standing = (step: number) => ({
    x: series.map(() => [xs[step]]),
    y: series.map(({ y }) => [y[step]]),
    text: series.map(({ y }) => [mark(y[step])]),
  });
  const first = standing(at);
  const marks = series.map(({ name }, i) => {
    const { color } = seriesStyle(i);
    return {
      ...{ type: "scatter", mode: "markers+text", name: plain(name), legendgroup: name, showlegend: false },
      ...{ x: first.x[i], y: first.y[i], text: first.text[i], textposition: "top center", hoverinfo: "skip" },
      marker: { color, size: 12, line: { color: "#ffffff", width: 2 } },
      textfont: { color, size: 13 },
      cliponaxis: false,
    };
  });
  const control = {
    active: at,
    currentvalue: { prefix: `${slider}: `, font: { size: 13 } },
    pad: { t: 48 },
    steps: xs.map((x, step) => ({ label: String(x), method: "restyle", args: [standing(step), places] })),
  };
  const { margin, height } = layout;
  const taller = { height: height + room, margin: { ...margin, b: margin.b + room } };
  return { data: [...data, ...marks], layout: { ...layout, ...taller, sliders: [control] } };
}

/** From the least to the most of some numbers, and shares of that more, as room for marks and their words. */
function around(values: readonly number[], below: number, above: number): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const span = most - least || 1;
  return [least - below * span, most + above * span];
}
