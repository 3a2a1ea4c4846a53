import assert from "node:assert/strict";
import { test } from "node:test";
import { initialTensors } from "#src/adapters/create.js";
import { weightedSignDifference } from "#src/signs/weighted-sign-difference.js";
import { handAdapter, mapTensors, trainedAdapter } from "./small-adapters.js";

test("weights count by the sizes of both changes", () => {
  const start = { ...trainedAdapter("pfeiffer", "any"), tensors: {} };
  const tensors = initialTensors(start);
  const [first] = Object.keys(tensors);
  /** The start with the first numbers of its first tensor changed. */
  const changed = (name: string, changes: number[]) =>
    mapTensors({ ...start, name, tensors }, (value, tensor, i) => value + (tensor === first ? (changes[i] ?? 0) : 0));
  const [a, b] = [changed("a", [1, -2, 3]), changed("b", [2, 1, -1])];
  assert.ok(Math.abs(weightedSignDifference(a, b) - 5 / 7) < 1e-6);
  assert.equal(weightedSignDifference(a, a), 0);
  assert.equal(weightedSignDifference(a, changed("still", [])), 0, "one that did not change conflicts with nothing");
  assert.equal(weightedSignDifference(a, changed("against", [-1, 2, -3])), 1);
});

test("it needs both starts, and adapters that go together", () => {
  const hand = handAdapter("hand", [[1, 2]]);
  assert.throws(() => weightedSignDifference(hand, hand), /not known what "hand" started from/);
  const [pfeiffer, lora] = [trainedAdapter("pfeiffer", "p"), trainedAdapter("lora", "l")];
  assert.throws(() => weightedSignDifference(pfeiffer, lora), /differ in method/);
});
