import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { createRandom } from "#src/engine/random.js";
import { trainingLengths, trainingOrder } from "#src/training/batches.js";

const lengths = Array.from({ length: 70 }, (_, i) => 5 + ((i * 37) % 60));

describe("trainingOrder", () => {
  it("gives full batches and every example once an epoch", () => {
    const next = trainingOrder(lengths, 7, createRandom(1));
    const drawn = Array.from({ length: 40 }, next); // 5 pools of 8 batches, 4 epochs of 10
    assert.ok(drawn.every((rows) => rows.length === 7));
    const counts = lengths.map((_, i) => drawn.flat().filter((row) => row === i).length);
    assert.deepEqual(new Set(counts), new Set([4]));
  });
  it("puts examples of like length together", () => {
    const next = trainingOrder(lengths, 7, createRandom(1));
    const spread = (rows: number[]) => {
      const sorted = rows.map((row) => lengths[row]).sort((a, b) => a - b);
      return sorted[sorted.length - 1] - sorted[0];
    };
    const spreads = Array.from({ length: 40 }, () => spread(next()));
    assert.ok(spreads.reduce((sum, one) => sum + one, 0) / 40 < 15, `${spreads}`);
  });
  it("gives the batches of a pool in random order, the same for one seed", () => {
    const firstLengths = (seed: number) => {
      const next = trainingOrder(lengths, 7, createRandom(seed));
      return Array.from({ length: 8 }, () => Math.max(...next().map((row) => lengths[row])));
    };
    assert.deepEqual(firstLengths(1), firstLengths(1));
    assert.notDeepEqual(firstLengths(1), firstLengths(2));
    assert.notDeepEqual(
      firstLengths(1),
      firstLengths(1).sort((a, b) => a - b),
    );
  });
  it("fills batches from a domain that has fewer examples than one batch", () => {
    const rows = trainingOrder([4, 9, 6], 5, createRandom(1))();
    assert.equal(rows.length, 5);
    assert.ok(rows.every((row) => row >= 0 && row < 3));
  });
});

test("training batches have six lengths at most, in whole eights", () => {
  assert.deepEqual(trainingLengths(128), [16, 32, 48, 64, 96, 128]);
  assert.deepEqual(trainingLengths(512), [64, 128, 192, 256, 384, 512]);
  assert.deepEqual(trainingLengths(100), [16, 32, 40, 56, 80, 100]);
  assert.deepEqual(trainingLengths(10), [8, 10]);
});
