import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "#src/engine/random.js";
import { chanceLevel } from "#src/signs/chance.js";
import { setSignDifference } from "#src/signs/sign-difference-of-set.js";
import { signDifferenceOfSubsets } from "#src/signs/sign-difference-of-subsets.js";
import { handAdapter, trainedAdapter } from "./small-adapters.js";

const a = handAdapter("a", [
  [1, -2, 0],
  [3, -4, 5],
]);
const b = handAdapter("b", [
  [1, 2, -1],
  [-3, -4, 0],
]);
const c = handAdapter("c", [
  [-1, 2, 1],
  [3, -4, 0],
]);

test("the 2×3 case worked by hand, in every form", () => {
  const overall = (options: Parameters<typeof setSignDifference>[1]) => setSignDifference([a, b, c], options).overall;
  assert.equal(overall({}), (2 / 6 + 2 / 6 + 3 / 6) / 3);
  assert.equal(overall({}).toFixed(12), (7 / 18).toFixed(12));
  assert.equal(overall({ form: "anchored" }), 2 / 6);
  assert.equal(overall({ form: "anchored", target: 2 }), (2 / 6 + 3 / 6) / 2);
  assert.equal(overall({ form: "anyConflict" }), 4 / 6);
  assert.equal(overall({ form: "anyConflict", zeros: "ownSign" }), 5 / 6, "all but the column of three −4");
  assert.equal(overall({ form: "anyConflict", zeros: "bothNonZero" }), 4 / 5, "the last position has one sign only");
});

test("chance levels: half for pairs, rising with k for any conflict", () => {
  assert.equal(chanceLevel("meanPairwise", 9), 0.5);
  assert.equal(chanceLevel("anchored", 2), 0.5);
  assert.deepEqual(
    [2, 3, 4].map((k) => chanceLevel("anyConflict", k)),
    [0.5, 0.75, 0.875],
  );
});

test("a set needs two adapters, and its target must be in it", () => {
  assert.throws(() => setSignDifference([a]), /needs two adapters or more, not 1/);
  assert.throws(() => setSignDifference([a, b], { form: "anchored", target: 2 }), /no adapter 2 in this set of 2/);
});

/** Random signs with many zeros, over a size that is no multiple of 32. */
function sparseAdapters(n: number) {
  const random = createRandom("sets");
  return Array.from({ length: n }, (_, i) => {
    const rows = Array.from({ length: 9 }, () => Array.from({ length: 11 }, () => random.choice([0, 0, 1, -1, 2])));
    return handAdapter(`domain ${i}`, rows);
  });
}

test("all subsets at once agree with each set on its own, under every rule for zeros", () => {
  const adapters = sparseAdapters(6);
  for (const zeros of ["never", "ownSign", "bothNonZero"] as const) {
    const all = signDifferenceOfSubsets(adapters, { zeros });
    for (let S = 0; S < 64; S++) {
      const members = adapters.map((_, i) => i).filter((i) => (S >> i) & 1);
      if (members.length < 2) {
        assert.ok(Number.isNaN(all.meanPairwise[S]) && Number.isNaN(all.anyConflict[S]));
        continue;
      }
      const set = members.map((i) => adapters[i]);
      const close = (actual: number, form: "meanPairwise" | "anchored" | "anyConflict", target = 0) => {
        const expected = setSignDifference(set, { form, zeros, target }).overall;
        assert.ok(Math.abs(actual - expected) < 1e-14, `${zeros} ${form} of ${members}: ${actual}, not ${expected}`);
      };
      close(all.meanPairwise[S], "meanPairwise");
      assert.equal(all.anyConflict[S], setSignDifference(set, { form: "anyConflict", zeros }).overall);
      adapters.forEach((_, t) => {
        const value = all.anchored[t * 64 + S];
        if (members.includes(t)) close(value, "anchored", members.indexOf(t));
        else assert.ok(Number.isNaN(value));
      });
    }
  }
});

test("any conflict grows with the set; a copy adds nothing", () => {
  const { anyConflict } = signDifferenceOfSubsets([...sparseAdapters(4), sparseAdapters(1)[0]]);
  for (let S = 3; S < 32; S++) {
    for (let i = 0; i < 5; i++) {
      if ((S >> i) & 1 || Number.isNaN(anyConflict[S])) continue;
      assert.ok(anyConflict[S | (1 << i)] >= anyConflict[S]);
    }
  }
  assert.equal(anyConflict[0b00111], anyConflict[0b10111]);
});

test("the product space and the change from initialisation work for sets too", () => {
  const adapters = ["p", "q", "r"].map((name) => trainedAdapter("lora", name));
  const options = { space: "product", weights: "change" } as const;
  const all = signDifferenceOfSubsets(adapters, options);
  assert.equal(all.anyConflict[7], setSignDifference(adapters, { ...options, form: "anyConflict" }).overall);
});

test("at most 20 adapters have all their subsets compared", () => {
  assert.throws(() => signDifferenceOfSubsets(sparseAdapters(21)), /2 to 20 adapters, not 21/);
});
