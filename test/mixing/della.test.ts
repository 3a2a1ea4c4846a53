import assert from "node:assert/strict";
import { test } from "node:test";
import { initialTensors } from "#src/adapters/create.js";
import { createRandom } from "#src/engine/random.js";
import { averageAdapters } from "#src/mixing/average.js";
import { dellaMix, keepChances, magnitudeDrop } from "#src/mixing/della.js";
import { mixAdapters } from "#src/mixing/mix.js";
import { trainedAdapter } from "../signs/small-adapters.js";

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12) =>
  assert.ok(
    Array.from(actual).every((value, i) => Math.abs(value - expected[i]) < tolerance),
    String(actual),
  );

test("the chance to be kept rises with the rank of the magnitude", () => {
  // |x| = 4, 1, 3, 2, 0 have the ranks 4, 1, 3, 2, 0: 0.5 − 0.1 + 0.2·r/4
  close(keepChances([-4, 1, 3, -2, 0], 0.5, 0.2), [0.6, 0.45, 0.55, 0.5, 0.4]);
});

test("no chance leaves (0, 1], and a density of one keeps all", () => {
  close(keepChances([1, 2, 3], 0.95, 0.2), [0.9, 0.95, 1]);
  close(keepChances([1, 2, 3], 0.1, 0.2), [0.05, 0.1, 0.15]);
  close(keepChances([1, 2, 3], 1, 0.2), [1, 1, 1]);
  close(keepChances([7], 0.3, 0.2), [0.3]);
});

test("what is kept is divided by its own chance, so that the mean over draws is the value", () => {
  const values = Float64Array.of(1, -2, 4, 8);
  const sum = new Float64Array(4);
  const random = createRandom("draws");
  const draws = 4000;
  for (let draw = 0; draw < draws; draw++) {
    const kept = magnitudeDrop(values, keepChances(values, 0.5, 0.2), random);
    for (let i = 0; i < 4; i++) sum[i] += kept[i] / draws;
  }
  // the standard error of a mean is |x|·√((1 − p)/p)/√4000, at most 0.02·|x|
  assert.ok(
    sum.every((mean, i) => Math.abs(mean - values[i]) < 0.08 * Math.abs(values[i])),
    String(sum),
  );
});

test("at a density of one it is TIES without trimming, linear the average, and λ scales the change", () => {
  const adapters = [trainedAdapter("pfeiffer", "a"), trainedAdapter("pfeiffer", "b")];
  const numbers = (one: { tensors: Record<string, { data: ArrayLike<number> }> }) =>
    Object.keys(one.tensors).flatMap((name) => Array.from(one.tensors[name].data));
  const ties = mixAdapters(adapters, { strategy: "ties", density: 1 });
  close(numbers(dellaMix(adapters, { density: 1 })), numbers(ties), 1e-7);
  const average = numbers(averageAdapters(adapters));
  close(numbers(dellaMix(adapters, { density: 1, merge: "linear" })), average, 1e-7);
  const none = dellaMix(adapters, { lambda: 0 });
  assert.deepEqual(none.tensors, initialTensors(adapters[0]));
  assert.deepEqual(dellaMix(adapters), dellaMix(adapters));
  assert.throws(() => dellaMix(adapters, { density: 0 }), /share above 0/);
  assert.throws(() => dellaMix([adapters[0], adapters[0]]), /Two adapters are called "a"/);
  assert.throws(() => dellaMix([adapters[0], trainedAdapter("pfeiffer", "c", "other")]), /start from the same/);
});
