import assert from "node:assert/strict";
import { test } from "node:test";
import { partialRankCorrelation, rankCorrelation, rankCorrelationWithin, ranks } from "#src/statistics/correlation.js";

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a} is not ${b}`);

test("ties share the mean of their ranks", () => {
  assert.deepEqual(ranks([30, 10, 20, 20]), [4, 1, 2.5, 2.5]);
});

test("rank correlation by hand: d = (0, 1, −1, 0), 1 − 6·2/(4·15) = 0.8", () => {
  near(rankCorrelation([1, 2, 3, 4], [10, 30, 20, 400]), 0.8);
  near(rankCorrelation([1, 2, 3], [3, 2, 1]), -1);
  assert.ok(Number.isNaN(rankCorrelation([1, 1, 1], [1, 2, 3])));
});

test("within strata, a difference between strata does not show", () => {
  const x = [1, 2, 3, 11, 12, 13];
  const y = [3, 2, 1, 13, 12, 11];
  const strata = ["a", "a", "a", "b", "b", "b"];
  near(rankCorrelationWithin(x, y, strata), -1);
  assert.ok(rankCorrelation(x, y) > 0.5);
});

test("a covariate that explains everything leaves nothing", () => {
  const z = [1, 2, 3, 4, 5, 6, 7, 8];
  const x = [1, 2, 3, 4, 6, 5, 7, 8];
  const y = [2, 1, 3, 4, 5, 6, 8, 7];
  assert.ok(rankCorrelation(x, y) > 0.8);
  assert.ok(Math.abs(partialRankCorrelation(x, y, z)) < 0.2);
});
