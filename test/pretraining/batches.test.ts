import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { drawBatch, predictionsOf } from "#src/pretraining/batches.js";
import { toyIndex } from "./toy-corpus.js";

const { index } = toyIndex(400, "batches");
const options = { rows: 8, time: 48, pairRows: 3 };
const batch = drawBatch(index, options, "seed");
const ids = batch.inputIds.data;
const row = (name: string, at: number) => [...batch[name].data.subarray(at * 48, (at + 1) * 48)];
const MASK = 4;

describe("drawBatch", () => {
  it("is decided by its seed", () => {
    assert.deepEqual(drawBatch(index, options, "seed"), batch);
    assert.notDeepEqual(drawBatch(index, options, "other").inputIds, batch.inputIds);
  });
  it("begins every row with [CLS] and ends it with [SEP]", () => {
    for (let at = 0; at < 8; at++) {
      const length = row("attentionMask", at).reduce((sum, one) => sum + one);
      assert.equal(row("inputIds", at)[0], 2);
      assert.equal(row("inputIds", at)[length - 1], 3);
      assert.ok(
        row("inputIds", at)
          .slice(length)
          .every((id) => id === 0),
      );
      if (at >= 3) assert.equal(length, 48);
    }
  });
  it("marks the second sentence of a pair, and nothing else", () => {
    for (let at = 0; at < 3; at++) {
      const types = row("tokenTypeIds", at);
      const from = row("inputIds", at).indexOf(3) + 1;
      assert.equal(types.indexOf(1), from);
      assert.ok(types.lastIndexOf(1) === row("attentionMask", at).lastIndexOf(1));
    }
    assert.ok([3, 4, 5, 6, 7].every((at) => row("tokenTypeIds", at).every((type) => type === 0)));
  });
  it("asks for every [MASK] and for the first token of running text", () => {
    const { places, labels, weights } = batch;
    assert.equal(places.data.length, predictionsOf(options));
    const asked = new Set([...places.data].filter((_, i) => weights.data[i] === 1));
    ids.forEach((id, at) => {
      if (id === MASK) assert.ok(asked.has(at), `${at}`);
    });
    for (let at = 3; at < 8; at++) {
      const whole = [...places.data.keys()].find((i) => weights.data[i] === 1 && places.data[i] === at * 48);
      assert.ok(whole !== undefined);
      assert.equal(index.kinds.content[labels.data[whole]], 1);
    }
  });
  it("hides 8 of 10, changes 1 and leaves 1", () => {
    const shown = { mask: 0, same: 0, other: 0 };
    for (let i = 0; i < 60; i++) {
      const { inputIds, places, labels, weights } = drawBatch(index, options, `${i}`);
      places.data.forEach((place, k) => {
        if (weights.data[k] === 0 || place % 48 === 0) return;
        const id = inputIds.data[place];
        shown[id === MASK ? "mask" : id === labels.data[k] ? "same" : "other"]++;
      });
    }
    const all = shown.mask + shown.same + shown.other;
    assert.ok(
      Math.abs(shown.mask / all - 0.8) < 0.03 && Math.abs(shown.same / all - 0.1) < 0.03,
      JSON.stringify(shown),
    );
  });
});
