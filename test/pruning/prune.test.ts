import assert from "node:assert/strict";
import { test } from "node:test";
import { initialTensors } from "#src/adapters/create.js";
import { float32 } from "#src/engine/tensor-data.js";
import { keepMasks, pruneCount, roundHalfToEven } from "#src/pruning/keep-mask.js";
import { type PruneOptions, pruneAdapter, sparsityOf } from "#src/pruning/prune.js";
import { handAdapter, mapTensors, methods, rowsOf, trainedAdapter } from "../signs/small-adapters.js";

const sparsities = [0, 0.1, 0.25, 0.5, 0.8, 0.9, 0.99, 1];

test("halves round to the even number, as PyTorch counts", () => {
  assert.deepEqual([0.5, 1.5, 2.5, 2.4, 2.6, 3.5].map(roundHalfToEven), [0, 2, 2, 2, 3, 4]);
  assert.equal(pruneCount(0.1, 3072), 307);
  assert.throws(() => pruneCount(1.5, 10), /sparsity must lie between 0 and 1; 1.5/);
});

test("ties go in order of position", () => {
  const pool = [
    { name: "a", scores: Float32Array.of(1, 2, 1) },
    { name: "b", scores: Float32Array.of(1, 0) },
  ];
  const masks = (count: number) => Object.values(keepMasks(pool, count)).map((mask) => mask.join(""));
  assert.deepEqual(masks(0), ["111", "11"]);
  assert.deepEqual(masks(1), ["111", "10"]);
  assert.deepEqual(masks(2), ["011", "10"]);
  assert.deepEqual(masks(3), ["010", "10"]);
  assert.deepEqual(masks(4), ["010", "00"]);
  assert.deepEqual(masks(5), ["000", "00"]);
  assert.throws(() => keepMasks(pool, 6), /Cannot prune 6 of 5 weights/);
});

test("the 2×3 case worked by hand, raw and delta", () => {
  const rows = [
    [1, -2, 0],
    [3, -4, 5],
  ];
  const raw = pruneAdapter(handAdapter("a", rows), { sparsity: 0.5 });
  assert.deepEqual(rowsOf(raw.adapter), [
    [0, 0, 0],
    [3, -4, 5],
  ]);
  assert.deepEqual(Array.from(Object.values(raw.mask)[0].data), [0, 0, 0, 1, 1, 1]);
  assert.equal(raw.pruned, 3);
  const scores = { "layers.0.feedForward.down.weight": Float32Array.of(0, 0, 1, 0, 5, 4) };
  const chosen = pruneAdapter(handAdapter("a", rows), { sparsity: 0.5, criterion: scores });
  assert.deepEqual(rowsOf(chosen.adapter), [
    [0, 0, 0],
    [0, -4, 5],
  ]);
});

test("counts are exact in every scope, masks nested, kept weights untouched", () => {
  for (const method of methods) {
    const adapter = trainedAdapter(method, "a");
    for (const scope of ["global", "layer", "tensor"] as const) {
      for (const criterion of ["magnitude", "largest", "random"] as const) {
        let last: Uint8Array[] | undefined;
        for (const sparsity of sparsities) {
          const { mask, adapter: pruned, ...counts } = pruneAdapter(adapter, { sparsity, scope, criterion });
          const masks = Object.values(mask).map(({ data }) => data as Uint8Array);
          const zeros = masks.reduce((sum, bits) => sum + bits.filter((bit) => bit === 0).length, 0);
          assert.equal(counts.pruned, zeros);
          if (scope === "global") assert.equal(zeros, pruneCount(sparsity, counts.inScope));
          if (scope === "tensor") {
            masks.forEach((bits) => {
              assert.equal(bits.filter((bit) => bit === 0).length, pruneCount(sparsity, bits.length));
            });
          }
          last?.forEach((before, t) => {
            assert.ok(
              masks[t].every((bit, i) => bit <= before[i]),
              "a pruned weight came back at higher sparsity",
            );
          });
          last = masks;
          for (const [name, { data }] of Object.entries(pruned.tensors)) {
            const keep = mask[name]?.data ?? new Uint8Array(data.length).fill(1);
            const original = adapter.tensors[name].data;
            assert.ok(data.every((value, i) => Object.is(value, keep[i] ? original[i] : 0)));
          }
        }
      }
    }
  }
});

test("global raw pruning of a fresh LoRA removes B; by tensor it keeps equal shares", () => {
  const adapter = trainedAdapter("lora", "a");
  const small = mapTensors(adapter, (value, name) => (name.endsWith(".B") ? value / 1000 : value));
  const shares = (options: PruneOptions) => pruneAdapter(small, options).kept.byPart;
  assert.deepEqual(shares({ sparsity: 0.5, scope: "global" }), { A: 1, B: 0 });
  assert.deepEqual(shares({ sparsity: 0.5 }), { A: 0.5, B: 0.5 });
});

test("delta pruning sets weights back to their initial bits and keeps the rest", () => {
  for (const method of methods) {
    const adapter = trainedAdapter(method, "a");
    const initial = initialTensors(adapter);
    const { adapter: pruned, mask } = pruneAdapter(adapter, { sparsity: 0.7, weights: "change", scope: "global" });
    let smallestKept = Number.POSITIVE_INFINITY;
    let largestPruned = 0;
    for (const [name, { data }] of Object.entries(mask)) {
      data.forEach((keep, i) => {
        const change = Math.abs(adapter.tensors[name].data[i] - initial[name].data[i]);
        if (keep) smallestKept = Math.min(smallestKept, change);
        else largestPruned = Math.max(largestPruned, change);
        const expected = keep ? adapter.tensors[name].data[i] : initial[name].data[i];
        assert.ok(Object.is(pruned.tensors[name].data[i], expected));
      });
    }
    assert.ok(largestPruned <= smallestKept);
  }
  assert.throws(
    () => pruneAdapter({ ...trainedAdapter("lora", "a"), seed: undefined }, { sparsity: 0.5, weights: "change" }),
    /not known what "a" started from/,
  );
});

test("biases are pruned only where asked for, and share the pool", () => {
  const adapter = trainedAdapter("pfeiffer", "a");
  const names = Object.keys(adapter.tensors);
  assert.equal(Object.keys(pruneAdapter(adapter, { sparsity: 0.5 }).mask).length, names.length / 2);
  const all = pruneAdapter(adapter, { sparsity: 0.5, biases: true });
  assert.equal(Object.keys(all.mask).length, names.length);
  assert.equal(all.pruned, pruneCount(0.5, all.inScope));
});

test("rescaling keeps the size that random pruning takes away", () => {
  const ones = handAdapter("a", [[1, 1, 1, 1, 1, 1, 1, 1]]);
  const { adapter } = pruneAdapter(ones, { sparsity: 0.75, criterion: "random", rescale: true, seed: 1 });
  const values = rowsOf(adapter)[0];
  assert.deepEqual(values.slice().sort(), [0, 0, 0, 0, 0, 0, 4, 4]);
  const other = pruneAdapter(ones, { sparsity: 0.75, criterion: "random", rescale: true, seed: 2 });
  assert.notDeepEqual(rowsOf(other.adapter)[0], values, "another seed draws another mask");
});

test("sparsity is the share of zeros, and a NaN, a bad scope and bad scores are refused", () => {
  const adapter = trainedAdapter("pfeiffer", "a");
  assert.equal(sparsityOf(pruneAdapter(adapter, { sparsity: 0.5 }).adapter), 0.5);
  const broken = handAdapter("a", [[1, Number.NaN]]);
  assert.throws(() => pruneAdapter(broken, { sparsity: 0.5 }), /down.weight holds a NaN/);
  assert.throws(() => pruneAdapter(adapter, { sparsity: 0.5, scope: "row" as "layer" }), /"row" is no scope/);
  assert.throws(() => pruneAdapter(adapter, { sparsity: 0.5, criterion: {} }), /scores of layers.0.* must be/);
  const tensors = { ...adapter.tensors, "layers.0.feedForward.down.weight": float32([0, 16]) };
  assert.equal(pruneAdapter({ ...adapter, tensors }, { sparsity: 0.5, scope: "global" }).inScope, 64 * 3);
});
