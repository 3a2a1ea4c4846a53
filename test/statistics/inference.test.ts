import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "#src/engine/random.js";
import { rankCorrelationWithin } from "#src/statistics/correlation.js";
import { crossedCorrelation, crossedMean } from "#src/statistics/crossed-effects.js";
import { permuteAssigned, permuteDomains } from "#src/statistics/permutation.js";
import {
  orderedPairs,
  powerOfCorrelation,
  powerOfMean,
  simulateCorrelated,
  simulateMeans,
} from "#src/statistics/power.js";
import { correlationCeiling, reliability } from "#src/statistics/reliability.js";
import { tQuantile, tTail } from "#src/statistics/student-t.js";
import { estimateOf, twoOneSidedTests, verdictOf } from "#src/statistics/verdict.js";

test("Student's t does not fall to the normal distribution's 1.96 at 31", () => {
  for (const [degrees, quantile] of [
    [1, 12.7062047],
    [12, 2.1788128],
    [31, 2.0395134],
    [1000, 1.9623391],
  ]) {
    assert.ok(Math.abs(tQuantile(0.975, degrees) - quantile) < 1e-6);
    assert.ok(Math.abs(tTail(quantile, degrees) - 0.025) < 1e-8);
  }
  assert.throws(() => tQuantile(1, 3), /between 0 and 1/);
  assert.throws(() => tTail(1, 0), /more than 0 degrees/);
});

test("a verdict needs the whole interval; one that touches the margin is unclear", () => {
  const interval = (low: number, high: number) => ({ effect: (low + high) / 2, low, high });
  const above = { direction: "above", margin: 1 } as const;
  assert.deepEqual(
    [interval(1.1, 3), interval(1, 3), interval(-2, 0.9)].map((each) => verdictOf(above, each)),
    ["holds", "unclear", "fails"],
  );
  const below = { direction: "below", margin: -0.5 } as const;
  assert.deepEqual(
    [interval(-0.9, -0.6), interval(-0.6, -0.4), interval(-0.3, 0.1)].map((each) => verdictOf(below, each)),
    ["holds", "unclear", "fails"],
  );
  const within = { direction: "within", margin: 2 } as const;
  assert.deepEqual(
    [interval(-1, 1.9), interval(-2, 1), interval(-3, 3), interval(2.1, 4), interval(-4, -2.5)].map((each) =>
      verdictOf(within, each),
    ),
    ["holds", "unclear", "unclear", "fails", "fails"],
  );
  assert.throws(() => verdictOf(above, { effect: 5, low: 0, high: 1 }), /does not hold the effect 5/);
  assert.throws(() => verdictOf({ direction: "within", margin: 0 }, interval(0, 1)), /needs a margin above 0/);
});

test("two one-sided tests: p below 0.05 just where the 90% interval lies within the margin", () => {
  // by hand: t = (0.5 + 2)/0.8 and (2 − 0.5)/0.8 with 12 degrees of freedom
  const estimate = { effect: 0.5, standardError: 0.8, degreesOfFreedom: 12 };
  const { aboveLower, belowUpper, p, interval } = twoOneSidedTests(estimate, 2);
  assert.ok(Math.abs(aboveLower - tTail(3.125, 12)) < 1e-12 && Math.abs(belowUpper - tTail(1.875, 12)) < 1e-12);
  assert.equal(p, belowUpper);
  assert.equal(p < 0.05, interval.low > -2 && interval.high < 2);
  for (const margin of [1, 1.5, 1.925, 1.93, 3]) {
    const test = twoOneSidedTests(estimate, margin);
    assert.equal(test.p < 0.05, test.interval.high < margin, String(margin));
  }
  assert.equal(twoOneSidedTests({ effect: 0, standardError: 0, degreesOfFreedom: 5 }, 1).p, 0);
});

test("one row a target: the crossed mean is the mean with its t interval", () => {
  const values = [1, 4, 2, 8];
  const crossing = values.map((_, target) => ({ target, partners: [] }));
  const found = crossedMean(values, crossing);
  const s = Math.sqrt(values.reduce((sum, value) => sum + (value - 3.75) ** 2, 0) / 3);
  const expected = estimateOf(3.75, s / 2, 3);
  for (const key of ["effect", "low", "high", "standardError"] as const) {
    assert.ok(Math.abs(found[key] - expected[key]) < 1e-9, key);
  }
  assert.throws(() => crossedMean([1, 2], crossing.slice(0, 2)), /three targets or more, not 2/);
  assert.throws(() => crossedMean([1, 2], crossing), /2 values, but 4 crossings/);
});

test("variances of target, partner and rest are found where they were put", () => {
  const pairs = orderedPairs(40);
  const planted = { target: 9, partner: 4, rest: 1 };
  const { variance, effect } = crossedMean(simulateMeans(createRandom("parts"), pairs, 2, planted), pairs);
  assert.ok(Math.abs(variance.rest - 1) < 0.1 && Math.abs(effect - 2) < 1.5);
  assert.ok(variance.target > 5 && variance.target < 15 && variance.partner > 2 && variance.partner < 7);
});

test("95% intervals of a planted mean and correlation hold it in about 95 of 100 simulated studies", () => {
  const pairs = orderedPairs(8);
  const targets = pairs.map(({ target }) => target);
  let [ofMean, ofCorrelation] = [0, 0];
  const rho = -0.6;
  const planted = (6 / (Math.PI * 8)) * (Math.asin(rho) + 5 * Math.asin(rho / 2)); // Spearman's of 7 normal pairs
  for (let i = 0; i < 200; i++) {
    const random = createRandom("coverage").fork(i);
    const mean = crossedMean(simulateMeans(random, pairs, 5, { target: 2, partner: 1, rest: 1 }), pairs);
    if (mean.low <= 5 && mean.high >= 5) ofMean++;
    const { x, y } = simulateCorrelated(random, pairs, rho, 0.5);
    const found = crossedCorrelation(x, y, targets, pairs);
    assert.ok(found.low >= -1 && found.high <= 1 && found.low <= found.effect && found.effect <= found.high);
    if (found.low <= planted && found.high >= planted) ofCorrelation++;
  }
  for (const held of [ofMean, ofCorrelation])
    assert.ok(held >= 180 && held <= 199, `${ofMean}, ${ofCorrelation} of 200`);
});

test("the crossed correlation is the rank correlation within strata; ties, and strata of one row", () => {
  const x = [1, 2, 2, 5, 3, 1, 7, 9];
  const y = [4, 3, 3, 1, 0, 5, 6, 8];
  const strata = ["a", "a", "a", "b", "b", "c", "c", "d"];
  const crossing = strata.map((target, i) => ({ target, partners: [i % 3] }));
  const { effect } = crossedCorrelation(x, y, strata, crossing);
  assert.ok(Math.abs(effect - rankCorrelationWithin(x, y, strata)) < 1e-12);
  assert.throws(() => crossedCorrelation([1, 1, 1, 1], [1, 2, 3, 4], "aabb".split(""), crossing.slice(0, 4)), /differ/);
});

test("permuted domains: a dyadic association is found, one through the targets alone is not", () => {
  const n = 7;
  const random = createRandom("domains");
  const fsd = Array.from({ length: n }, () => Array.from({ length: n }, () => random.uniform()));
  const pairs = orderedPairs(n).map(({ target, partners: [partner] }) => [target as number, partner as number]);
  const correlate = (harm: number[]) => (label: readonly number[]) =>
    rankCorrelationWithin(
      pairs.map(([t, p]) => fsd[label[t]][label[p]]),
      harm,
      pairs.map(([t]) => t),
    );
  const follows = pairs.map(([t, p]) => fsd[t][p] + 0.1 * random.uniform());
  const found = permuteDomains(n, correlate(follows), { permutations: 400 });
  assert.ok(found.observed > 0.8 && found.p < 0.02);
  const ofTarget = pairs.map(([t]) => 100 * t + random.uniform());
  assert.ok(permuteDomains(n, correlate(ofTarget), { permutations: 400 }).p > 0.05);
  assert.deepEqual(found, permuteDomains(n, correlate(follows), { permutations: 400 }), "seeded");
});

test("what was randomised is permuted within its strata: by hand 2 of 4 labellings are as far", () => {
  // two strata of two rows, one of each treated: differences 5 and 3 within them
  const y = [1, 6, 2, 5];
  const difference = (treated: readonly boolean[]) =>
    y.reduce((sum, value, i) => sum + (treated[i] ? value : -value), 0) / 2;
  const { observed, p } = permuteAssigned([false, true, false, true], [0, 0, 1, 1], difference, { permutations: 4000 });
  assert.equal(observed, 4);
  assert.ok(Math.abs(p - 0.5) < 0.03, String(p)); // 4, 1, −1, −4: two of them at least as far from 0
  assert.throws(() => permuteAssigned([1], [1, 2], () => 0), /1 rows were assigned, 2 strata/);
});

test("reliability of one seed and of the mean, and the ceiling it sets", () => {
  const random = createRandom("seeds");
  const strata = Array.from({ length: 300 }, (_, i) => i % 10);
  const truth = strata.map(() => random.normal());
  const seeds = [0, 1, 2].map(() => truth.map((value) => value + random.normal()));
  const { oneSeed, meanOfSeeds } = reliability(seeds, strata);
  assert.ok(Math.abs(oneSeed - 0.48) < 0.1, String(oneSeed)); // ½ for values, a little less for ranks
  assert.ok(Math.abs(meanOfSeeds - (3 * oneSeed) / (1 + 2 * oneSeed)) < 1e-12);
  assert.equal(reliability([truth, truth], strata).oneSeed.toFixed(9), "1.000000000");
  const missing = truth.map((value, i) => (i === 5 ? Number.NaN : value));
  assert.ok(reliability([missing, truth], strata).oneSeed > 0.99);
  assert.equal(correlationCeiling(0.5, 0.5), 0.5);
  assert.equal(correlationCeiling(-0.1, 0.5), 0);
  assert.throws(() => reliability([truth], strata), /two seeds or more/);
});

test("power grows with the effect, and a true margin is seldom passed", () => {
  const rule = { direction: "above", margin: 1 } as const;
  const variance = { target: 4, partner: 0, rest: 1 };
  const options = { simulations: 60, domains: 9 };
  const [none, large] = [1, 8].map((mean) => powerOfMean(rule, { mean, variance }, options));
  assert.ok(none.holds < 0.12 && large.holds > 0.95);
  for (const { holds, fails, unclear } of [none, large]) assert.ok(Math.abs(holds + fails + unclear - 1) < 1e-9);
  const strong = powerOfCorrelation({ direction: "below", margin: 0 }, { rho: -0.8, byPartner: 0.3 }, options);
  assert.ok(strong.holds > 0.8);
});
