import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { seededError } from "#src/statistics/seeded-error.js";

describe("seededError", () => {
  it("is the standard error of the mean with one seed", () => {
    assert.ok(Math.abs(seededError([[1, 0, 1, 0]]) - Math.sqrt(1 / 3 / 4)) < 1e-12);
  });

  it("does not shrink by seeds that are right on the same examples", () => {
    const row = [1, 0, 1, 0];
    assert.equal(seededError([row, row, row]), seededError([row]));
  });
});
