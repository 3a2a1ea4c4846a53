/** Figures from plain rows of numbers, each a plotly figure as JSON. */
export { type BarGroup, barFigure } from "./bar.js";
export { boxFigure, type ValueGroup, violinFigure } from "./distribution.js";
export {
  type Figure,
  type FigureOptions,
  type Layout,
  type Level,
  type MethodLevel,
  palette,
  type Trace,
} from "./figure.js";
export { gridFigure } from "./grid.js";
export { heatmapFigure, type Matrix } from "./heatmap.js";
export { type LineSeries, lineFigure } from "./line.js";
export { methodName } from "./method-name.js";
export { panelsOf } from "./panels.js";
export { type PaperSeries, paperColor, paperTrace } from "./paper-trace.js";
export { type PointGroup, scatterFigure } from "./scatter.js";
export { type SliderOptions, sliderFigure } from "./slider.js";
export { drawSvg } from "./svg/static-picture.js";
