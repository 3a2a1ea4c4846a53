import assert from "node:assert/strict";
import { test } from "node:test";

import { fsdByLayerFigure, fsdHeatmap, harmByFsdFigure } from "#src/chapters/conflict/figures.js";
import type { HarmRow } from "#src/chapters/conflict/harm.js";
import { pairwiseFsd } from "#src/chapters/conflict/pairwise.js";
import { greedyFsdFigure } from "#src/chapters/greedy/figures.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { resultsBehind } from "#src/results/origin.js";
import { bandOf, traces } from "../../figures/traces.js";
import { tinyStudy } from "../../study/tiny-study.js";

const study = await tinyStudy();
const singles = await trainSingles(study, { methods: ["houlsby"] });
const matrix = pairwiseFsd(study, singles);
const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-9, `${a} ${b}`);

test("change of accuracy against FSD: a point a test, a colour a size, the harm asked for", () => {
  const row = (size: number, fsd: number, drop: number, interference: number) =>
    ({
      method: "houlsby",
      seed: 1,
      target: "a",
      members: ["a", "b"],
      size,
      fsd,
      drop,
      interference,
    }) as unknown as HarmRow;
  const rows = [row(2, 0.25, 5, 3), row(2, 0.5, 10, 6), row(3, 0.75, -2, -1)];
  const drop = traces(harmByFsdFigure(rows));
  assert.deepEqual(drop["2 adapters"].x, [0.25, 0.5]);
  assert.deepEqual(drop["2 adapters"].y, [-5, -10]);
  assert.deepEqual(drop["3 adapters"].y, [2]);
  assert.deepEqual(drop["3 adapters"].text, ["a + b, tested on a"]);
  assert.deepEqual(traces(harmByFsdFigure(rows, { harm: "interference" }))["2 adapters"].y, [-3, -6]);
});

test("the heatmap holds every pair's FSD in percent, nothing on the diagonal, and knows its units", () => {
  const figure = fsdHeatmap(study, singles);
  const [trace] = figure.data;
  const [names, z] = [trace.x as string[], trace.z as (number | null)[][]];
  assert.deepEqual([...names].sort(), [...study.settings.domains].sort());
  const at = (name: string) => singles.findIndex(({ domain }) => domain === name);
  for (const [i, a] of names.entries()) {
    for (const [j, b] of names.entries()) {
      if (i === j) assert.equal(z[i][j], null);
      else close(z[i][j] as number, 100 * matrix[at(a)][at(b)]);
    }
  }
  assert.deepEqual(
    resultsBehind(figure)
      .map(({ row }) => row.domain)
      .sort(),
    [...study.settings.domains].sort(),
  );
});

test("FSD by layer has a point for each layer and a line for each matrix", () => {
  const lines = traces(fsdByLayerFigure(study, singles));
  const layers = study.encoder.config.layers;
  assert.ok(Object.keys(lines).length >= 4);
  for (const { x, y } of Object.values(lines)) {
    assert.deepEqual(
      x,
      Array.from({ length: layers }, (_, i) => i + 1),
    );
    assert.ok((y as number[]).every((fsd) => fsd >= 0 && fsd <= 1));
  }
});

test("the greedy set's FSD lies within the band of all sets of its size; at all adapters they are one", () => {
  const figure = greedyFsdFigure(study, singles);
  const all = "all sets (mean; band: least to most)";
  const { "greedy, least FSD": greedy, [all]: mean } = traces(figure);
  const { low, high } = bandOf(figure, all) as { low: number[]; high: number[] };
  const y = greedy.y as number[];
  assert.deepEqual(greedy.x, [2, 3, 4]);
  for (const [i, fsd] of y.entries()) assert.ok(fsd >= low[i] - 1e-9 && fsd <= high[i] + 1e-9);
  close(y[0], Math.min(...matrix.flatMap((row, i) => row.slice(i + 1))));
  close(y[2], (mean.y as number[])[2]);
});
