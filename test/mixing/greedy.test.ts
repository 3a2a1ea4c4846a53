import assert from "node:assert/strict";
import { test } from "node:test";
import { greedyMix, greedyPath } from "#src/mixing/greedy.js";
import { setSignDifference } from "#src/signs/sign-difference-of-set.js";
import { handAdapter, trainedAdapter } from "../signs/small-adapters.js";

const adapters = [
  handAdapter("a", [[1, 1, 1, 1]]),
  handAdapter("b", [[-1, -1, 1, 1]]),
  handAdapter("c", [[1, 1, 1, -1]]),
  handAdapter("d", [[-1, -1, -1, 1]]),
];

test("from a target, the adapter that keeps the set's FSD least comes next", () => {
  const { order, steps } = greedyMix(adapters, { target: 0 });
  // FSD to a: b ½, c ¼, d ¾. To {a, c}: b (¼ + ½ + ¾)/3, d (¼ + ¾ + 1)/3.
  assert.deepEqual(order, ["a", "c", "b", "d"]);
  assert.ok(Number.isNaN(steps[0].score));
  assert.deepEqual(steps[1].candidates, [
    { adapter: 2, score: 0.25 },
    { adapter: 1, score: 0.5 },
    { adapter: 3, score: 0.75 },
  ]);
  assert.equal(steps[2].score, 1.5 / 3);
  assert.deepEqual(steps[3].members, [0, 2, 1, 3]);
});

test("without a target the path starts with the pair of least FSD, ties by position", () => {
  assert.deepEqual(greedyMix(adapters).order, ["a", "c", "b", "d"], "a–c and b–d both differ in ¼");
  assert.deepEqual(greedyMix(adapters.slice(1)).order, ["b", "d", "c"]);
});

test("each step is the best of its candidates, in every form", () => {
  const many = ["p", "q", "r", "s", "t"].map((name) => trainedAdapter("houlsby", name));
  for (const form of ["meanPairwise", "anchored", "anyConflict"] as const) {
    const { steps } = greedyMix(many, { target: 3, form, size: 4, weights: "change" });
    assert.equal(steps.length, 4);
    for (const { members, score, candidates } of steps.slice(1)) {
      const set = members.map((i) => many[i]);
      assert.equal(score, setSignDifference(set, { form, weights: "change" }).overall);
      assert.ok(candidates.every((candidate) => candidate.score >= score));
    }
  }
});

test("any score of a set can lead the path", () => {
  const path = greedyPath(4, (members) => -members[members.length - 1], { target: 1, size: 3 });
  assert.deepEqual(path[2].members, [1, 3, 2]);
});

test("a target, a size or a form that does not fit is refused", () => {
  assert.throws(() => greedyMix(adapters, { target: 4 }), /no adapter 4 among 4/);
  assert.throws(() => greedyMix(adapters, { size: 5 }), /Cannot choose 5 of 4/);
  assert.throws(() => greedyMix(adapters, { form: "anchored" }), /needs a target/);
});
