import assert from "node:assert/strict";
import { test } from "node:test";

import type { BaselineRow } from "#src/chapters/train/baseline-unit.js";
import { learningCurvesFigure, singlesFigure } from "#src/chapters/train/figures.js";
import type { TrainRow } from "#src/chapters/train/train-unit.js";
import { axisTitles, traces } from "../../figures/traces.js";

const single = (domain: string, method: string, seed: number, accuracy: number) =>
  ({ domain, method, seed, accuracy, testRows: 100, losses: [2, 1] }) as unknown as TrainRow;
const baseline = (domain: string, majority: number) =>
  ({ domain, seed: 1, majority, bagOfWords: 0.5, frozenProbe: 0.625 }) as unknown as BaselineRow;

const singles = [single("a", "houlsby", 1, 0.5), single("a", "houlsby", 2, 0.75), single("b", "houlsby", 1, 0.8)];

test("single adapters: bars of means over seeds beside what domains give without one, with 95% intervals", () => {
  const figure = traces(singlesFigure(singles, [baseline("a", 0.25), baseline("b", 0.5)]));
  assert.deepEqual(figure["most frequent label"].y, [0.25, 0.5]);
  const adapters = figure["Houlsby adapter and head"];
  assert.deepEqual(adapters.x, ["a", "b"]);
  assert.deepEqual(adapters.y, [0.625, 0.8]);
  const { array } = adapters.error_y as { array: number[] };
  assert.ok(Math.abs(array[1] - 1.96 * Math.sqrt((0.8 * 0.2) / 100)) < 1e-12);
});

test("learning curves: one line a domain of the first seed, stretches at the middle of their steps", () => {
  const figure = learningCurvesFigure(singles, { steps: 100 });
  assert.deepEqual(Object.keys(traces(figure)), ["a", "b"]);
  assert.deepEqual(traces(figure).a.x, [25, 75]);
  assert.deepEqual(traces(figure).a.y, [2, 1]);
  assert.deepEqual(axisTitles(figure), ["steps", "training loss (nats)"]);
  const unequal = traces(learningCurvesFigure(singles, { steps: { a: 100, b: 40 } }));
  assert.deepEqual(
    [unequal.a.x, unequal.b.x],
    [
      [25, 75],
      [10, 30],
    ],
  );
});
