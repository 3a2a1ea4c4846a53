import assert from "node:assert/strict";
import { test } from "node:test";
import { sliderFigure } from "#src/figures/slider.js";
import { drawSvg } from "#src/figures/svg/static-picture.js";

const series = [
  { name: "a", x: [0, 0.5, 1], y: [0.2, 0.3, 0.9] },
  { name: "b<", x: [0, 0.5, 1], y: [0.8, 0.5, 0.1] },
];
const options = { title: "t", x: "x", y: "y", slider: "part", mark: (y: number) => `${100 * y}%` };
const figure = sliderFigure(series, options);

interface Step {
  label: string;
  method: string;
  args: [{ x: number[][]; y: number[][]; text: string[][] }, number[]];
}
const [control] = figure.layout.sliders as { active: number; steps: Step[] }[];

test("each step of a slider puts the marks on their lines", () => {
  const marks = figure.data.slice(2);
  assert.deepEqual(
    marks.map(({ x, y, text }) => [x, y, text]),
    [
      [[0.5], [0.3], ["30%"]],
      [[0.5], [0.5], ["50%"]],
    ],
  );
  assert.equal(control.active, 1);
  assert.deepEqual(
    control.steps.map(({ label }) => label),
    ["0", "0.5", "1"],
  );
  assert.deepEqual(control.steps[2].args, [{ x: [[1], [1]], y: [[0.9], [0.1]], text: [["90%"], ["10%"]] }, [2, 3]]);
  assert.equal(marks[1].name, "b&lt;", "names from data bring no markup");
});

test("a static picture shows the slider as it stands at first", async () => {
  const svg = await drawSvg(figure);
  assert.match(svg, />part: 0\.5</);
  assert.match(svg, />30%</);
  assert.doesNotMatch(svg, />90%</);
});

test("lines of different x have no common slider", () => {
  const other = { name: "c", x: [0, 1, 2], y: [0, 0, 0] };
  assert.throws(() => sliderFigure([series[0], other], options), /need the same x/);
});
