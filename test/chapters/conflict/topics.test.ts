import assert from "node:assert/strict";
import { test } from "node:test";
import { topicShares } from "#src/chapters/conflict/topics.js";
import { createRandom } from "#src/engine/random.js";
import { cosineOf } from "#src/training/text-embedding.js";

const random = createRandom("topics");
const subjects = {
  sea: ["wave", "boat", "sail", "anchor", "harbour", "storm"].map((word) => `${word}s`),
  law: ["court", "judge", "appeal", "verdict", "lawyer", "clause"].map((word) => `${word}s`),
};
const texts = (subject: keyof typeof subjects) =>
  Array.from({ length: 30 }, () => Array.from({ length: 12 }, () => random.choice(subjects[subject])).join(" "));

test("groups about one thing share its topics, groups about others do not", () => {
  const shares = topicShares([texts("sea"), texts("sea"), texts("law")], { topics: 4, sweeps: 60 });
  for (const one of shares) assert.ok(Math.abs(one.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  assert.ok(cosineOf(shares[0], shares[1]) > 0.8);
  assert.ok(cosineOf(shares[0], shares[2]) < 0.2);
});

test("one seed gives one result; short words and words of a single text say nothing", () => {
  const groups = [texts("sea"), texts("law")];
  assert.deepEqual(topicShares(groups, { sweeps: 5 }), topicShares(groups, { sweeps: 5 }));
  assert.notDeepEqual(topicShares(groups, { sweeps: 5 }), topicShares(groups, { sweeps: 5, seed: "other" }));
  const even = topicShares([["to be or not"], ["singular"]], { topics: 2, sweeps: 4 });
  for (const share of even.flat()) assert.ok(Math.abs(share - 0.5) < 1e-12);
});
