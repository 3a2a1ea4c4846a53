import assert from "node:assert/strict";
import { test } from "node:test";
import { adapterHash } from "#src/adapters/adapter.js";
import { initialTensors } from "#src/adapters/create.js";
import { createHead } from "#src/adapters/head.js";
import { scaleChange } from "#src/mixing/dilute.js";
import { mixHeads } from "#src/mixing/heads.js";
import { mixAdapters } from "#src/mixing/mix.js";
import { cosineSimilarity } from "#src/mixing/similarity.js";
import { handAdapter, mapTensors, methods, trainedAdapter } from "../signs/small-adapters.js";

test("cosine by hand: 1, 0 and −1", () => {
  const [x, y] = [handAdapter("x", [[3, 0]]), handAdapter("y", [[0, 2]])];
  const minus = mapTensors(x, (value) => -2 * value);
  assert.deepEqual([cosineSimilarity(x, x), cosineSimilarity(x, y), cosineSimilarity(x, minus)], [1, 0, -1]);
  assert.equal(cosineSimilarity(x, handAdapter("zero", [[0, 0]])), 0);
});

test("a diluted adapter is its start plus a share of its change; it is the mixture with fresh adapters", () => {
  for (const method of methods) {
    const adapter = trainedAdapter(method, "p");
    const start = { ...adapter, tensors: initialTensors(adapter) };
    assert.equal(adapterHash(scaleChange(adapter, 1)), adapterHash(adapter));
    assert.equal(adapterHash(scaleChange(adapter, 0)), adapterHash(start));
    const [diluted, mixture] = [scaleChange(adapter, 1 / 4), mixAdapters([adapter, start, start, start])];
    for (const [name, { data }] of Object.entries(diluted.tensors)) {
      data.forEach((value, i) => {
        assert.ok(Math.abs(value - mixture.tensors[name].data[i]) < 1e-8);
      });
    }
  }
});

test("heads of one form average; others are refused", () => {
  const encoder = { config: { hiddenSize: 4, family: "bert" }, weights: {}, name: "e" } as unknown as Parameters<
    typeof createHead
  >[0];
  const [p, q] = [1, 2].map((seed) => createHead(encoder, ["no", "yes"], { seed, name: `head ${seed}` }));
  const mean = mixHeads([p, q], { coefficients: [3, 1] });
  mean.tensors["out.weight"].data.forEach((value, i) => {
    const expected = 0.75 * p.tensors["out.weight"].data[i] + 0.25 * q.tensors["out.weight"].data[i];
    assert.ok(Math.abs(value - expected) < 1e-8);
  });
  assert.deepEqual(mixHeads([p, q], { coefficients: [1, 0] }).tensors, p.tensors);
  const other = createHead(encoder, ["no", "yes", "maybe"], { seed: 3, name: "third" });
  assert.throws(() => mixHeads([p, other]), /"head 1" and "third" differ in labels/);
});
