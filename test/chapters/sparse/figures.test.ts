import assert from "node:assert/strict";
import { test } from "node:test";

import { bestSparseFigure, controlsFigure, prunedSignsFigure } from "#src/chapters/sparse/figures.js";
import type { PrunedSigns } from "#src/chapters/sparse/pruned-signs.js";
import type { BestSparse, SparseResult } from "#src/chapters/sparse/sparse-mixtures.js";
import { traces } from "../../figures/traces.js";

test("FSD after pruning: a colour for each rule, a group for each form, in percent, with the level of chance", () => {
  const signs = (sparsity: number, criterion: PrunedSigns["criterion"], never: number): PrunedSigns => ({
    ...{ method: "houlsby", seed: 1, sparsity, criterion, bothNonZero: 0.5 },
    fsd: { never, ownSign: 0.5, bothNonZero: 0.25 },
  });
  const rows = [signs(0, "magnitude", 0.25), signs(0.9, "magnitude", 0.125), signs(0.9, "random", 0)];
  const figure = traces(prunedSignsFigure([...rows, signs(0, "magnitude", 0.75)]));
  const never = figure["a zero conflicts with nothing"];
  assert.deepEqual(never.x, ["not pruned", "90% by magnitude", "90% at random"]);
  assert.deepEqual(never.y, [50, 12.5, 0]);
  assert.deepEqual(figure["only where both are non-zero"].y, [25, 25, 25]);
  assert.deepEqual(figure["signs by chance"].y, [50, 50]);
});

test("the best sparse against the best dense, by size, averaged over targets; one panel a sparsity", () => {
  const best = (target: string, size: number, sparsity: number, sparse: number): BestSparse => ({
    ...{ method: "houlsby", seed: 1, target, size, sparsity, sparse, dense: 0.5, meanSparse: 0.25, meanDense: 0.375 },
  });
  const figure = bestSparseFigure([
    best("a", 2, 0.5, 0.5),
    best("b", 2, 0.5, 0.75),
    best("a", 3, 0.5, 0.25),
    best("a", 2, 0.9, 1),
  ]);
  assert.deepEqual(traces(figure)["best sparse"].x, [2, 3]);
  assert.deepEqual(traces(figure)["best sparse"].y, [0.625, 0.25]);
  assert.deepEqual(traces(figure)["mean dense"].y, [0.375, 0.375]);
  assert.deepEqual(traces(figure, 2)["best sparse"].y, [1]);
});

test("controls beside the dense average: a bar for each kind, in points, with its interval over targets", () => {
  const result = (target: string, kind: SparseResult["kind"], gain: number): SparseResult => ({
    ...{ method: "houlsby", seed: 1, target, members: [target, "z"], size: 2, sparsity: 0.9, weights: "raw", kind },
    ...{ accuracy: 0.5 + gain / 100, dense: 0.5, score: { dev: 0, test: 0, correct: [] } },
  });
  const rows = ["a", "b", "c"].flatMap((target, t) => [
    result(target, "sparse", 25),
    result(target, "random", 12.5 * t),
  ]);
  const bars = traces(controlsFigure(rows))["90% sparse"];
  assert.deepEqual(bars.x, ["pruned by magnitude", "random masks"]);
  assert.deepEqual(bars.y, [25, 12.5]);
  const whiskers = bars.error_y as { array: number[]; arrayminus: number[] };
  assert.ok(
    whiskers.array[0] < 1e-9 && whiskers.array[1] > 10 && Math.abs(whiskers.array[1] - whiskers.arrayminus[1]) < 1e-9,
  );
});
