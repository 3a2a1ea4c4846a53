import assert from "node:assert/strict";
import { test } from "node:test";
import type { BaselineRow } from "#src/chapters/train/baseline-unit.js";
import { gainsOf } from "#src/chapters/train/gains.js";
import { describeGains } from "#src/chapters/train/sentences.js";
import type { TrainRow } from "#src/chapters/train/train-unit.js";
import { packBits } from "#src/results/bits.js";

/** An adapter that has the first `right` of ten test examples right. */
function single(seed: number, right: number): TrainRow {
  const correct = packBits(Array.from({ length: 10 }, (_, i) => i < right));
  const sizes = { testRows: 10, devRows: 0, adapterParameters: 7, headParameters: 3 };
  const names = { domain: "sst2", method: "houlsby", seed, adapter: "", head: "", ran: "" };
  return { ...names, ...sizes, accuracy: right / 10, correct, devAccuracy: 0, devCorrect: "", moved: seed, losses: [] };
}

function baseline(seed: number, right: number): BaselineRow {
  const probeCorrect = packBits(Array.from({ length: 10 }, (_, i) => i < right));
  return { domain: "sst2", seed, majority: 0.5, bagOfWords: 0.6, frozenProbe: right / 10, probeCorrect, ran: "" };
}

test("gains are in points; the error of one seed is paired over the test examples", () => {
  const [row] = gainsOf([single(1, 9)], [baseline(1, 7)]);
  assert.equal(row.accuracy, 90);
  assert.equal(row.parameters, 10);
  assert.ok(Math.abs(row.overConstant - 40) < 1e-9 && Math.abs(row.overFrozenProbe - 20) < 1e-9);
  // Two of ten differences are 1: variance (10/9)·0.2·0.8, error of the mean √(variance/10).
  const error = Math.sqrt(((10 / 9) * 0.16) / 10);
  assert.ok(Math.abs(row.error - 100 * error) < 1e-9);
});

test("with several seeds, examples and seeds both count", () => {
  const [row] = gainsOf([single(1, 9), single(2, 8)], [baseline(1, 7), baseline(2, 7)]);
  const examples = (0.85 ** 2 + 0.35 ** 2 + 8 * 0.15 ** 2) / 9 / 10; // averaged over seeds: 1, ½ and eight zeros
  const between = (2 * 0.05 ** 2) / 2; // s²/n of 0.2 and 0.1
  assert.ok(Math.abs(row.error - 100 * Math.sqrt(examples + between)) < 1e-9);
  assert.equal(row.moved, 1.5);
  assert.match(describeGains([row]), /Houlsby on 0 of 1 domains \(mean gain 15\.0 points\)/);
});
