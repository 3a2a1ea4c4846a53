import { barFigure } from "#src/figures/bar.js";
import { boxFigure, violinFigure } from "#src/figures/distribution.js";
import type { Figure, FigureOptions } from "#src/figures/figure.js";
import { gridFigure } from "#src/figures/grid.js";
import { heatmapFigure } from "#src/figures/heatmap.js";
import { lineFigure } from "#src/figures/line.js";
import { scatterFigure } from "#src/figures/scatter.js";

const domains = ["sst2", "ag_news", "authorship", "financial"];

const options: FigureOptions = {
  title: "A title",
  subtitle: "profile smoke · encoder tiny · seeds 1, 2, 3",
  x: "adapters in the mixture (k)",
  y: "accuracy (%)",
  percent: "y",
};

const line = lineFigure(
  domains.map((name, i) => ({
    name,
    x: [1, 2, 3],
    y: [0.9 - 0.1 * i, 0.8 - 0.1 * i, 0.7 - 0.1 * i],
    low: [0.85 - 0.1 * i, 0.75 - 0.1 * i, 0.65 - 0.1 * i],
    high: [0.95 - 0.1 * i, 0.85 - 0.1 * i, 0.75 - 0.1 * i],
  })),
  { ...options, levels: [{ name: "majority class", y: 0.3 }] },
);

/** One small figure of each kind, with long labels, intervals and reference levels where the kind has them. */
export const figures: Record<string, Figure> = {
  line,
  scatter: scatterFigure([{ name: "a rather long name of a group", x: [0, 1], y: [1, 0], labels: ["p", "q"] }], {
    ...options,
    lines: [{ name: "fit", x: [0, 1], y: [1, 0] }],
  }),
  bar: barFigure(
    [{ name: "Houlsby", categories: domains, values: [1, 2, 3, 4], low: [0, 1, 2, 3], high: [2, 3, 4, 5] }],
    {
      ...options,
      percent: undefined,
      levels: [{ name: "chance", y: 1 }],
    },
  ),
  box: boxFigure([{ name: "LoRA", values: [1, 2, 3, 4, 9], categories: [1, 1, 1, 2, 2] }], options),
  violin: violinFigure([{ name: "LoRA", values: [1, 2, 2, 3, 4] }], options),
  heatmap: heatmapFigure(
    {
      rows: domains,
      columns: domains,
      values: domains.map((_, i) => domains.map((_, j) => (i === j ? Number.NaN : i + j))),
    },
    { ...options, unit: "fraction of sign difference", digits: 1 },
  ),
  grid: gridFigure(
    [
      { title: "left", figure: line },
      { title: "right", figure: line },
    ],
    { title: "Two panels" },
  ),
};
