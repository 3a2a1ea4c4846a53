import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "#src/engine/random.js";
import { symmetricEigen, wordVectors } from "#src/pretraining/word-vectors.js";

describe("symmetricEigen", () => {
  it("takes a matrix apart so that V Λ Vᵀ is the matrix again", () => {
    const n = 12;
    const random = createRandom(3);
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = random.normal();
    const { values, vectors } = symmetricEigen(a, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += vectors[i * n + k] * values[k] * vectors[j * n + k];
        assert.ok(Math.abs(sum - a[i * n + j]) < 1e-10);
      }
    }
  });
});

describe("wordVectors", () => {
  // Two topics: pieces 5–14 stand together, and so do 15–24.
  const random = createRandom(1);
  const ids: number[] = [];
  const starts = [0];
  for (let passage = 0; passage < 600; passage++) {
    for (let i = 0; i < 12; i++) ids.push((passage % 2 === 0 ? 5 : 15) + random.integer(10));
    starts.push(ids.length);
  }
  const corpus = { ids: Uint16Array.from(ids), starts: Uint32Array.from(starts) };
  const size = 4;
  const vectors = wordVectors(corpus, { vocabSize: 25, size }, createRandom(2));
  const cosine = (a: number, b: number) => {
    const dot = (i: number, j: number) =>
      Array.from({ length: size }, (_, k) => vectors[i * size + k] * vectors[j * size + k]).reduce((s, x) => s + x);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };

  it("puts pieces of one topic near each other", () => {
    assert.ok(cosine(6, 9) > 0.7, `${cosine(6, 9)}`);
    assert.ok(Math.abs(cosine(6, 19)) < 0.3, `${cosine(6, 19)}`);
  });
  it("leaves pieces that never occur at zero", () => {
    assert.ok(vectors.subarray(0, 5 * size).every((x) => Math.abs(x) < 1e-6));
  });
  it("gives the same numbers for the same seed", () => {
    assert.deepEqual(wordVectors(corpus, { vocabSize: 25, size }, createRandom(2)), vectors);
  });
});
