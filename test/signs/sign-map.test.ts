import assert from "node:assert/strict";
import { test } from "node:test";
import { packSigns, popcount } from "#src/signs/sign-map.js";

const pack = (values: number[], threshold?: number) =>
  packSigns([{ name: "w", size: values.length, values: () => Float32Array.from(values) }], threshold);

test("popcount counts the bits of a word, its sign bit too", () => {
  assert.deepEqual([0, 1, 3, -1, 0x80000000 | 0, 0x55555555].map(popcount), [0, 1, 2, 32, 1, 16]);
});

test("signs are packed 32 to a word, zero and −0 without a sign", () => {
  const map = pack([1, -1, 0, -0, 2, -3]);
  assert.equal(map.nonZero[0], 0b110011);
  assert.equal(map.negative[0], 0b100010);
  assert.equal(map.size, 6);
});

test("a tensor starts at a new word, and its last word is padded with zeros", () => {
  const source = (name: string, size: number) => ({ name, size, values: () => new Float32Array(size).fill(-1) });
  const map = packSigns([source("a", 33), source("b", 5)]);
  assert.deepEqual(
    map.tensors.map(({ word }) => word),
    [0, 2],
  );
  assert.deepEqual(Array.from(map.negative), [-1, 1, 0b11111]);
});

test("weights within the threshold count as zero; weights within 1e-8 of zero are counted", () => {
  const map = pack([1e-9, -1e-9, 0.1, -0.1, 0], 0.1);
  assert.equal(map.nonZero[0], 0b1100, "0.1 as float32 lies just above 0.1");
  assert.equal(pack([1e-9, -1e-9, 0.1, -0.1, 0], 0.11).nonZero[0], 0);
  assert.equal(map.nearZero, 2);
});

test("a NaN is refused with its tensor's name", () => {
  assert.throws(() => pack([1, Number.NaN]), /w holds a NaN at 1/);
  assert.throws(() => pack([1], -1), /threshold must be 0 or more/);
});
