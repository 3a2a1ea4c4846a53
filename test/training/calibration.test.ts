import assert from "node:assert/strict";
import { test } from "node:test";
import { float32 } from "#src/engine/tensor-data.js";
import { calibration, softmax } from "#src/training/calibration.js";
import { confusionMatrix } from "#src/training/confusion.js";

const logitsOf = (shares: number[][]) =>
  float32([shares.length, shares[0].length], Float32Array.from(shares.flat(), Math.log));
const near = (value: number, wanted: number) => assert.ok(Math.abs(value - wanted) < 1e-6, `${value}, not ${wanted}`);

test("by hand: four answers of 80%, three of them right, and one sure one that is wrong", () => {
  const logits = logitsOf([
    [0.8, 0.2],
    [0.8, 0.2],
    [0.2, 0.8],
    [0.2, 0.8],
    [0.99, 0.01],
  ]);
  const result = calibration(logits, [0, 0, 1, 0, 1], { bins: 5 });
  near(result.expectedError, (4 * Math.abs(0.8 - 0.75) + 0.99) / 5);
  near(result.brier, (3 * 2 * 0.2 ** 2 + 2 * 0.8 ** 2 + 2 * 0.99 ** 2) / 5);
  near(result.meanConfidence, (4 * 0.8 + 0.99) / 5);
  assert.deepEqual(
    result.bins.map(({ rows }) => rows).reduce((sum, rows) => sum + rows),
    5,
  );
  assert.throws(() => calibration(logits, [0]), /5 rows of logits do not match 1 labels/);
});

test("softmax of large logits is finite and sums to one", () => {
  const shares = softmax([1000, 999, -1000]);
  near(
    shares.reduce((sum, share) => sum + share, 0),
    1,
  );
  near(shares[0] / shares[1], Math.E);
});

test("a confusion matrix has the true label in rows", () => {
  assert.deepEqual(confusionMatrix([0, 1, 1, 2], [0, 0, 1, 1], 3), [
    [1, 1, 0],
    [0, 1, 1],
    [0, 0, 0],
  ]);
  assert.throws(() => confusionMatrix([0], [0, 1], 2), /1 predictions do not match 2 labels/);
});
