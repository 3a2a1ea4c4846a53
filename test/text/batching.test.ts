import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { batchesByLength, paddedLength, paddedLengths, tokenBatch } from "#src/text/batching.js";
import type { Encoding } from "#src/text/tokenizer.js";

/** An encoding of so many tokens, each of them `id`. */
function encoding(length: number, id: number): Encoding {
  const all = (value: number) => Array<number>(length).fill(value);
  return { inputIds: all(id), tokenTypeIds: all(1), attentionMask: all(1), specialTokensMask: all(0) };
}

describe("batches by length", () => {
  it("have sixteen lengths at most, in whole fours", () => {
    const sixteenths = (whole: number) => Array.from({ length: 16 }, (_, i) => ((i + 1) * whole) / 16);
    assert.deepEqual(paddedLengths(64), sixteenths(64));
    assert.deepEqual(paddedLengths(512), sixteenths(512));
    assert.deepEqual(paddedLengths(100), [8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 100]);
    assert.deepEqual(paddedLengths(10), [4, 8, 10]);
    assert.equal(paddedLength([encoding(17, 1), encoding(3, 1)], [16, 32]), 32);
    assert.equal(paddedLength([encoding(40, 1)], [16, 32]), 40);
  });

  it("are padded on the right", () => {
    const batch = tokenBatch([encoding(1, 7), encoding(3, 9)], 4, 5);
    assert.deepEqual(batch.inputIds.shape, [2, 4]);
    assert.deepEqual([...batch.inputIds.data], [7, 5, 5, 5, 9, 9, 9, 5]);
    assert.deepEqual([...batch.attentionMask.data], [1, 0, 0, 0, 1, 1, 1, 0]);
    assert.deepEqual([...batch.tokenTypeIds.data], [1, 0, 0, 0, 1, 1, 1, 0]);
    assert.throws(() => tokenBatch([encoding(5, 1)], 4, 0), /An encoding of 5 tokens does not fit 4/);
  });

  it("hold every example once, all batches with the same number of rows", () => {
    const lengths = [30, 3, 12, 90, 4, 60, 5, 100, 31, 2, 128];
    const batches = batchesByLength(
      lengths.map((length, i) => encoding(length, i + 1)),
      { batchSize: 4, padTokenId: 0, maxLength: 128 },
    );
    assert.deepEqual(
      batches.map(({ rows }) => rows),
      [
        [9, 1, 4],
        [6, 2, 0, 8],
        [5, 3, 7, 10],
      ],
    );
    assert.deepEqual(
      batches.map(({ batch }) => batch.inputIds.shape),
      [
        [4, 8],
        [4, 32],
        [4, 128],
      ],
    );
    for (const { rows, batch } of batches) {
      rows.forEach((example, row) => {
        const time = batch.inputIds.shape[1];
        const ids = [...batch.inputIds.data.subarray(row * time, (row + 1) * time)];
        const expected = [...Array(lengths[example]).fill(example + 1), ...Array(time - lengths[example]).fill(0)];
        assert.deepEqual(ids, expected);
      });
    }
    // the first batch lacks one row, and its last example fills it
    assert.equal(batches[0].batch.inputIds.data[3 * 8], 5);
  });

  it("are none for no examples", () => {
    assert.deepEqual(batchesByLength([], { batchSize: 4, padTokenId: 0 }), []);
  });
});
