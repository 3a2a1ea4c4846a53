import assert from "node:assert/strict";
import { test } from "node:test";
import { meanHarm, methodDifference } from "#src/chapters/mix/claims.js";
import type { MixtureResult } from "#src/chapters/mix/mixtures.js";

/** A test of a mixture of `size` whose drop and dilution are given, in points. */
function result(target: string, size: number, drop: number, dilution: number, method = "houlsby"): MixtureResult {
  const shares = { accuracy: 0.5, single: 0.5 + drop / 100, diluted: 0.5 + (drop - dilution) / 100 };
  return { method, seed: 1, target, members: [target], size, ...shares, drop, dilution, interference: drop - dilution };
}

test("every size counts the same, whatever the number of its tests, and singles do not count", () => {
  const results = [
    ...["a", "b", "c"].flatMap((target) => [result(target, 1, 100, 0), result(target, 2, 2, 1)]),
    ...["a", "b", "c"].flatMap((target) => Array.from({ length: 5 }, () => result(target, 3, 8, 1))),
  ];
  assert.equal(meanHarm(results).effect, 5); // (2 + 8) / 2
  assert.equal(meanHarm(results, "dilution").effect, 1);
  assert.equal(meanHarm(results, "interference").effect, 4); // (1 + 7) / 2
});

test("equal drops leave no doubt, unequal ones an interval over target domains", () => {
  const same = ["a", "b", "c"].map((target) => result(target, 2, 3, 1));
  assert.deepEqual(meanHarm(same), { effect: 3, low: 3, high: 3 });
  const { effect, low, high } = meanHarm([result("a", 2, 0, 0), result("b", 2, 3, 1), result("c", 2, 6, 1)]);
  // Leaving one of three out: means 4.5, 3, 1.5, so SE = √(2/3 · 4.5) = √3; t(0.975, 2) = 4.303.
  assert.equal(effect, 3);
  assert.ok(Math.abs(high - effect - 4.303 * Math.sqrt(3)) < 1e-3 && Math.abs(high + low - 6) < 1e-9);
});

test("methods differ by the distance of the largest and the least mean drop", () => {
  const results = ["a", "b"].flatMap((target) => [
    result(target, 2, 3, 1),
    result(target, 2, 1, 1, "pfeiffer"),
    result(target, 2, 2, 1, "lora"),
  ]);
  assert.equal(methodDifference(results).effect, 2);
  assert.throws(() => methodDifference(results.slice(0, 1)), /at least two/);
});
