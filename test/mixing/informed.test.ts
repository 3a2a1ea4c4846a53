import assert from "node:assert/strict";
import { test } from "node:test";
import { float32, type NamedTensorData } from "#src/engine/tensor-data.js";
import { averageAdapters } from "#src/mixing/average.js";
import { fisherAverage } from "#src/mixing/fisher.js";
import { regMean } from "#src/mixing/regmean.js";
import { handAdapter, rowsOf } from "../signs/small-adapters.js";

const name = "layers.0.feedForward.down.weight";
const one = (shape: number[], values: number[]): NamedTensorData => ({
  [name]: float32(shape, Float32Array.from(values)),
});

test("Fisher weights: (3·1 + 1·3)/4, the one that feels it alone, and the average where none does", () => {
  const [a, b] = [handAdapter("a", [[1, 1, 1]]), handAdapter("b", [[3, 3, 3]])];
  const mixed = fisherAverage([a, b], [one([1, 3], [3, 0, 0]), one([1, 3], [1, 2, 0])]);
  assert.deepEqual(rowsOf(mixed), [[1.5, 3, 2]]);
  const weighted = fisherAverage([a, b], [one([1, 3], [3, 0, 0]), one([1, 3], [1, 2, 0])], { coefficients: [1, 3] });
  assert.deepEqual(rowsOf(weighted), [[2, 3, 2.5]]); // (1·3·1 + 3·1·3)/(3 + 3)
  assert.throws(() => fisherAverage([a, b], [one([1, 3], [1, 1, 1])]), /2 adapters need as many/);
  assert.throws(() => fisherAverage([a, b], [one([1, 3], [1, 1, 1]), {}]), /must be 3 numbers/);
});

test("RegMean by hand: W = (W₁G₁ + W₂G₂)(G₁ + G₂)⁻¹ with what is off the diagonal shrunk", () => {
  const [a, b] = [handAdapter("a", [[1, 0]]), handAdapter("b", [[0, 1]])];
  // W₁G₁ = [2 1], W₂G₂ = [0 1]; sum [2 2]. G = [3 1; 1 3], inverse [3 −1; −1 3]/8: [2 2]·G⁻¹ = [½ ½].
  const grams = [one([2, 2], [2, 1, 1, 2]), one([2, 2], [1, 0, 0, 1])];
  const full = rowsOf(regMean([a, b], grams, { shrink: 1 }))[0];
  assert.ok(full.every((value) => Math.abs(value - 0.5) < 1e-5));
  // shrunk to 0: each column by its own diagonal, 2/3 and 1/3
  const diagonal = rowsOf(regMean([a, b], grams, { shrink: 0 }))[0];
  assert.ok(Math.abs(diagonal[0] - 2 / 3) < 1e-5 && Math.abs(diagonal[1] - 1 / 3) < 1e-5);
});

test("RegMean of one input space answers as each adapter does on its own inputs", () => {
  // inputs of the first lie along (1, 0), of the second along (0, 1): both answers can be kept
  const [a, b] = [
    handAdapter("a", [
      [5, 9],
      [2, 7],
    ]),
    handAdapter("b", [
      [8, 3],
      [6, 4],
    ]),
  ];
  const mixed = rowsOf(regMean([a, b], [one([2, 2], [4, 0, 0, 0]), one([2, 2], [0, 0, 0, 9])]));
  assert.ok([5, 3, 2, 4].every((value, i) => Math.abs(mixed.flat()[i] - value) < 1e-4));
});

test("without inputs RegMean is the average, and a wrong Gram matrix is refused by name", () => {
  const [a, b] = [handAdapter("a", [[1, 2]]), handAdapter("b", [[3, 6]])];
  const none = one([2, 2], [0, 0, 0, 0]);
  assert.deepEqual(rowsOf(regMean([a, b], [none, none])), rowsOf(averageAdapters([a, b])));
  assert.throws(() => regMean([a, b], [none, {}]), /Gram matrix of layers.0.feedForward.down.weight must be \[2, 2\]/);
  assert.throws(() => regMean([a, b], [none, none], { shrink: 2 }), /shrink is a share/);
});
