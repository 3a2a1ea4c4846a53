import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sliceLengths } from "#src/engine/slices.js";

describe("sliceLengths", () => {
  test("divides rows equally where it can", () => {
    assert.deepEqual(sliceLengths(32, 64, 512), [8, 8, 8, 8]);
    assert.deepEqual(sliceLengths(30, 64, 512), [6, 6, 6, 6, 6]);
    assert.deepEqual(sliceLengths(8, 64, 512), [8]);
  });

  test("gives at most two lengths, which differ by one, where it cannot", () => {
    assert.deepEqual(sliceLengths(31, 64, 512), [8, 8, 8, 7]);
    assert.deepEqual(sliceLengths(7, 512, 512), [1, 1, 1, 1, 1, 1, 1]);
  });

  test("never divides a row, nor makes an empty slice", () => {
    assert.deepEqual(sliceLengths(2, 10_000, 512), [1, 1]);
    assert.deepEqual(sliceLengths(1, 1, 512), [1]);
    assert.deepEqual(sliceLengths(0, 64, 512), [0]);
  });
});
