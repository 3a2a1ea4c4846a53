import assert from "node:assert/strict";
import { it } from "node:test";
import { bfloat16ToFloat32, float16ToFloat32, float32ToFloat16 } from "#src/files/half-precision.js";

it("float16 bit patterns mean what IEEE 754 says", () => {
  const cases: [number, number][] = [
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
  ];
  assert.deepEqual(
    [...float16ToFloat32(Uint16Array.from(cases, ([bits]) => bits))],
    cases.map(([, value]) => value),
  );
});

it("every float16 number comes back from float32", () => {
  const all = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
  const numbers = all.filter((bits) => (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0);
  assert.equal(numbers.length, 0x10000 - 2 * 1023);
  assert.deepEqual(float32ToFloat16(float16ToFloat32(numbers)), numbers);
});

it("rounds to the nearest float16, ties to even", () => {
  const cases: [number, number][] = [
    [1 + 2 ** -11, 0x3c00], // half-way between 1 and the next, which is odd
    [1 + 3 * 2 ** -11, 0x3c02],
    [1 + 2 ** -11 + 2 ** -20, 0x3c01],
    [2 - 2 ** -12, 0x4000], // carries into the exponent
    [65519, 0x7bff],
    [65520, 0x7c00],
    [1e30, 0x7c00],
    [-1e30, 0xfc00],
    [2 ** -25, 0x0000],
    [1.5 * 2 ** -24, 0x0002],
    [-(2 ** -24), 0x8001],
    [2 ** -14 - 2 ** -26, 0x0400],
    [NaN, 0x7e00],
  ];
  assert.deepEqual(
    [...float32ToFloat16(Float32Array.from(cases, ([value]) => value))],
    cases.map(([, bits]) => bits),
  );
});

it("bfloat16 is the upper half of float32", () => {
  const values = bfloat16ToFloat32(Uint16Array.of(0x3f80, 0xc000, 0x7f80, 0x0001));
  assert.deepEqual([...values], [1, -2, Infinity, 2 ** -133]);
});
