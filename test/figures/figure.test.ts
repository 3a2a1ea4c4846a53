import assert from "node:assert/strict";
import { test } from "node:test";
import { fitLegend, heading, palette, seriesStyle } from "#src/figures/figure.js";
import { gridFigure } from "#src/figures/grid.js";
import { heatmapFigure } from "#src/figures/heatmap.js";
import { lineFigure } from "#src/figures/line.js";
import { paperTrace, withPaper } from "#src/figures/paper-trace.js";
import { figures } from "./figures.js";

const options = { title: "t", x: "x", y: "y" };

test("a line figure keeps the values, and gaps where a value is missing", () => {
  const { data } = lineFigure([{ name: "a", x: [1, 2], y: [0.5, Number.NaN] }], options);
  assert.deepEqual(data[0].x, [1, 2]);
  assert.deepEqual(data[0].y, [0.5, null]);
});

test("series beyond the palette differ in dash and symbol", () => {
  const styles = Array.from({ length: 3 * palette.length }, (_, index) => JSON.stringify(seriesStyle(index)));
  assert.equal(new Set(styles).size, styles.length);
});

test("lists that do not belong together are refused by the series' name", () => {
  assert.throws(() => lineFigure([{ name: "sst2", x: [1, 2], y: [1] }], options), /"sst2": x has 2, y has 1 values/);
  assert.throws(
    () => heatmapFigure({ rows: ["a"], columns: ["b", "c"], values: [[1]] }, { ...options, unit: "u" }),
    /1 rows of 2 columns/,
  );
});

test("names from data cannot bring markup into a figure", () => {
  const { data, layout } = lineFigure([{ name: "<b>x</b>", x: [1], y: [1] }], { ...options, title: "a < b & c" });
  assert.equal(data[0].name, "&lt;b&gt;x&lt;/b&gt;");
  assert.match((layout.title as { text: string }).text, /a &lt; b &amp; c/);
});

test("long headings are wrapped, and the plot makes room for them", () => {
  const short = heading("one line", undefined, 760);
  const long = heading("word ".repeat(40).trim(), "more ".repeat(60).trim(), 760);
  assert.ok(long.top > short.top + 60);
});

test("a figure is high enough for its legend", () => {
  const many = { ...figures.line, data: Array.from({ length: 30 }, () => figures.line.data[1]) };
  assert.ok(fitLegend(many).layout.height > 30 * 20);
});

test("a grid's panels keep their own axes and share one legend", () => {
  const grid = gridFigure(
    ["a", "b", "c"].map((title) => ({ title, figure: figures.line })),
    { title: "t", columns: 2 },
  );
  assert.deepEqual([...new Set(grid.data.map((trace) => trace.xaxis))], ["x", "x2", "x3"]);
  const legend = grid.data.filter((trace) => trace.showlegend).map((trace) => trace.name);
  assert.deepEqual(legend, ["sst2", "ag_news", "authorship", "financial", "majority class"]);
  const domains = [1, 2, 3].map((n) => (grid.layout[`yaxis${n === 1 ? "" : n}`] as { domain: number[] }).domain);
  assert.ok(domains[0][0] > domains[2][1], "the third panel is below the first");
});

test("a grid of few panels is as high as the legend beside it, a grid with a free place keeps its height", () => {
  const panel = (count: number) =>
    lineFigure(
      Array.from({ length: count }, (_, i) => ({ name: `series ${i}`, x: [1], y: [i] })),
      options,
    );
  const height = (panels: number, count: number) =>
    gridFigure(
      Array.from({ length: panels }, (_, i) => ({ title: `${i}`, figure: panel(count) })),
      { title: "t", columns: 4, panelHeight: 150 },
    ).layout.height;
  assert.equal(height(4, 3), height(4, 1));
  assert.equal(height(4, 12) - height(4, 1), 12 * 22 - 150);
  assert.equal(height(5, 12), height(5, 1), "the legend is in the free places");
});

test("numbers of the paper stand behind the own series, with ticks for both", () => {
  const own = lineFigure([{ name: "ours", x: [1, 2], y: [0, 1] }], options);
  const { data, layout } = withPaper(own, [paperTrace({ name: "paper", x: [1, 2, 3], y: [0, Number.NaN, 2] })]);
  assert.deepEqual(
    data.map(({ name }) => name),
    ["ours", "paper"],
  );
  assert.deepEqual(data[1].y, [0, null, 2]);
  assert.deepEqual((layout.xaxis as { tickvals: number[] }).tickvals, [1, 2, 3]);
});
