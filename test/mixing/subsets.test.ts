import assert from "node:assert/strict";
import { test } from "node:test";
import { binomial, enumerateMixtures } from "#src/mixing/subsets.js";

test("all mixtures of three, by size and then by members", () => {
  assert.deepEqual(enumerateMixtures(3), [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]);
  assert.deepEqual(enumerateMixtures(4, { sizes: [3] }), [
    [0, 1, 2],
    [0, 1, 3],
    [0, 2, 3],
    [1, 2, 3],
  ]);
});

test("thirteen adapters have 8,191 mixtures with 53,248 members in all", () => {
  const all = enumerateMixtures(13);
  assert.equal(all.length, 8191);
  assert.equal(all.flat().length, 53248);
  assert.equal(new Set(all.map(String)).size, 8191);
});

test("a sample has each adapter equally often at each size, and no mixture twice", () => {
  for (const n of [3, 4, 7, 13]) {
    for (const perSize of [1, 2, 5, 13, 26, 40, 200]) {
      for (const seed of [0, "a"]) {
        const sample = enumerateMixtures(n, { perSize, seed });
        assert.equal(new Set(sample.map(String)).size, sample.length);
        for (let size = 1; size <= n; size++) {
          const ofSize = sample.filter((subset) => subset.length === size);
          assert.equal(ofSize.length, Math.min(perSize, binomial(n, size)), `${n} choose ${size}, ${perSize}`);
          const times = Array.from({ length: n }, (_, i) => ofSize.filter((subset) => subset.includes(i)).length);
          assert.ok(Math.max(...times) - Math.min(...times) <= 1, `${n} choose ${size}, ${perSize}: ${times}`);
          if ((perSize * size) % n === 0) assert.equal(Math.max(...times), Math.min(...times));
          for (const subset of ofSize)
            assert.deepEqual(
              subset,
              [...subset].sort((i, j) => i - j),
            );
        }
      }
    }
  }
});

test("the seed decides the sample", () => {
  const sample = (seed: number) => enumerateMixtures(13, { perSize: 13, seed });
  assert.deepEqual(sample(1), sample(1));
  assert.notDeepEqual(sample(1), sample(2));
});

test("sizes and numbers that do not exist are refused", () => {
  assert.throws(() => enumerateMixtures(0), /1 adapter or more, not 0/);
  assert.throws(() => enumerateMixtures(3, { sizes: [4] }), /no mixtures of 4 out of 3/);
  assert.throws(() => enumerateMixtures(3, { perSize: 0 }), /perSize is a number of 1 or more/);
});
