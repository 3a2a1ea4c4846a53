import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "#src/engine/random.js";
import { truncateFactors, truncateMatrix } from "#src/mixing/low-rank.js";
import { singularValues } from "#src/mixing/singular-values.js";

const random = createRandom("svd");
const draw = (length: number) => Float64Array.from({ length }, () => random.normal());

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12) {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++)
    assert.ok(Math.abs(actual[i] - expected[i]) <= tolerance, `${actual[i]} ${expected[i]}`);
}

function multiply(B: Float64Array, A: Float64Array, out: number, rank: number, inSize: number): Float64Array {
  return Float64Array.from({ length: out * inSize }, (_, at) => {
    const [row, column] = [Math.floor(at / inSize), at % inSize];
    return Array.from({ length: rank }, (_, r) => B[row * rank + r] * A[r * inSize + column]).reduce(
      (a, b) => a + b,
      0,
    );
  });
}

test("a 2×2 matrix by hand: singular values of [3 0; 4 5] are √45 and √5", () => {
  const { u, s, v } = singularValues([Float64Array.of(3, 4), Float64Array.of(0, 5)]);
  close(s, [Math.sqrt(45), Math.sqrt(5)]);
  close(u[0], [1 / Math.sqrt(10), 3 / Math.sqrt(10)]);
  close(v[0], [1 / Math.sqrt(2), 1 / Math.sqrt(2)]);
});

test("U·S·Vᵀ gives the matrix back, values fall, vectors are orthonormal", () => {
  for (const [m, n] of [
    [9, 4],
    [30, 30],
    [5, 8],
  ]) {
    const columns = Array.from({ length: n }, () => draw(m));
    const { u, s, v } = singularValues(columns);
    columns.forEach((column, j) => {
      close(
        Float64Array.from(column, (_, i) => u.reduce((sum, left, r) => sum + left[i] * s[r] * v[r][j], 0)),
        column,
      );
    });
    for (let i = 0; i < n; i++) {
      if (i > 0) assert.ok(s[i] <= s[i - 1]);
      for (let j = 0; j < n; j++) close([v[i].reduce((sum, value, k) => sum + value * v[j][k], 0)], [Number(i === j)]);
    }
  }
});

test("rank-deficient matrices and zeros converge", () => {
  const column = draw(40);
  const { s } = singularValues([column, column.slice(), column.map((value) => 2 * value), new Float64Array(40)]);
  close([s[0] / Math.hypot(...column), s[1] / s[0], s[3]], [Math.sqrt(6), 0, 0]);
  close(singularValues([new Float64Array(3)]).s, [0]);
  assert.throws(() => singularValues([Float64Array.of(Number.NaN, 1), Float64Array.of(1, 1)]), /did not converge/);
});

test("truncating factors equals truncating their product, for tall, wide and full ranks", () => {
  for (const [out, rank, inSize] of [
    [12, 3, 7],
    [7, 5, 12],
    [6, 8, 6],
  ]) {
    const factors = { A: draw(rank * inSize), B: draw(out * rank), out, rank, in: inSize };
    const product = multiply(factors.B, factors.A, out, rank, inSize);
    for (const kept of [1, 2, 6, 20]) {
      const cut = truncateFactors(factors, kept);
      const direct = truncateMatrix(product, out, inSize, kept);
      close(multiply(cut.B, cut.A, out, kept, inSize), multiply(direct.B, direct.A, out, kept, inSize), 1e-11);
      if (kept >= Math.min(out, rank, inSize)) close(multiply(cut.B, cut.A, out, kept, inSize), product, 1e-11);
    }
  }
});
