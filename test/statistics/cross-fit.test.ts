import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "#src/engine/random.js";
import { bestOf, luckOfBest, type Score, worstOf } from "#src/statistics/cross-fit.js";

function score(correct: boolean[], dev = 0): Score {
  return { dev, correct, test: correct.filter(Boolean).length / correct.length };
}

const bits = (text: string) => [...text].map((bit) => bit === "1");

test("each half chooses, the other scores", () => {
  // even places: a 2 of 2, b 0; odd places: a 0 of 2, b 2
  const [a, b] = [score(bits("1010")), score(bits("0101"))];
  const best = bestOf([a, b], 0);
  assert.deepEqual(best.chosen, [0, 1]);
  assert.equal(best.crossFitted, 0, "what looked best on one half was wrong on the other");
  assert.equal(best.testChosen, 0.5);
  // ten dev examples, all right for b, decide both halves
  assert.deepEqual(bestOf([a, { ...b, dev: 1 }], 10).chosen, [1, 1]);
});

test("the worst is cross-fitted likewise", () => {
  const [a, b] = [score(bits("1010")), score(bits("0101"))];
  // the even half finds b worst, which is right on the odd half; the odd half finds a worst, which is right on the even
  assert.deepEqual(worstOf([a, b], 0), { crossFitted: 1, testChosen: 0.5 });
  assert.equal(worstOf([a, { ...b, dev: 1 }], 10).crossFitted, 0.5, "dev decides both halves for a");
  assert.throws(() => worstOf([], 0), /no mixture/);
});

test("with one mixture, or equal ones, nothing can be won", () => {
  const one = score(bits("110100"));
  assert.deepEqual({ ...bestOf([one], 0), chosen: 0 }, { crossFitted: 0.5, chosen: 0, testChosen: 0.5 });
  assert.equal(luckOfBest([one]), 0);
  assert.equal(luckOfBest([one, one, one]), 0);
  assert.throws(() => bestOf([], 0), /no mixture/);
});

test("among equally good mixtures the test-chosen gain is luck, and cross-fitting shows none", () => {
  const random = createRandom("coins");
  let [gain, luck, crossFitted] = [0, 0, 0];
  const trials = 30;
  for (let trial = 0; trial < trials; trial++) {
    const coins = Array.from({ length: 16 }, () => score(Array.from({ length: 100 }, () => random.uniform() < 0.7)));
    const best = bestOf(coins, 0);
    const mean = coins.reduce((sum, { test }) => sum + test, 0) / coins.length;
    gain += best.testChosen - mean;
    luck += luckOfBest(coins, trial);
    crossFitted += best.crossFitted - mean;
  }
  // the largest of 16 normal draws is 1.77 standard deviations above the mean: 1.77 √(0.7 · 0.3 / 100) = 0.081
  assert.ok(Math.abs(luck / trials - 0.081) < 0.01, `luck ${luck / trials}`);
  assert.ok(Math.abs(gain - luck) / trials < 0.015);
  assert.ok(Math.abs(crossFitted / trials) < 0.02);
});
