import assert from "node:assert/strict";
import { test } from "node:test";
import { initialTensors } from "#src/adapters/create.js";
import { float32 } from "#src/engine/tensor-data.js";
import { grasp } from "#src/pruning/criteria/grasp.js";
import { movement } from "#src/pruning/criteria/movement.js";
import { snip } from "#src/pruning/criteria/snip.js";
import { synflow } from "#src/pruning/criteria/synflow.js";
import { wanda } from "#src/pruning/criteria/wanda.js";
import { pruneAdapter } from "#src/pruning/prune.js";
import { handAdapter, rowsOf, trainedAdapter } from "../signs/small-adapters.js";

const name = "layers.0.feedForward.down.weight";
const hand = handAdapter("a", [
  [1, -2, 3],
  [4, -5, 6],
]);
const context = { adapter: hand, seed: 0 };
const values = { [name]: hand.tensors[name].data as Float32Array };
const given = (shape: number[], numbers: number[]) => ({ [name]: float32(shape, Float32Array.from(numbers)) });

test("SNIP is |w·g|, GraSP w·Hg with its sign", () => {
  const numbers = given([2, 3], [2, 1, 0, -1, 1, 0.5]);
  assert.deepEqual(Array.from(snip(numbers)(values, context)[name]), [2, 2, 0, 4, 5, 3]);
  assert.deepEqual(Array.from(grasp(numbers)(values, context)[name]), [2, -2, 0, -4, -5, 3]);
  assert.throws(() => snip({})(values, context), /gradients of layers.0.* must be 6 numbers, not missing/);
});

test("a criterion made of given numbers prunes: GraSP's three lowest go", () => {
  const numbers = given([2, 3], [2, 1, 0, -1, 1, 0.5]);
  const { adapter } = pruneAdapter(hand, { sparsity: 0.5, criterion: grasp(numbers) });
  assert.deepEqual(rowsOf(adapter), [
    [1, 0, 3],
    [0, 0, 6],
  ]);
});

test("Wanda multiplies a weight by the norm of its input, the root of the diagonal", () => {
  const gram = given([3, 3], [4, 9, 9, 9, 0, 9, 9, 9, 1]);
  assert.deepEqual(Array.from(wanda(gram)(values, context)[name]), [2, 0, 3, 8, 0, 6]);
  assert.throws(() => wanda({})(values, context), /needs the Gram matrix of the inputs of layers.0/);
});

test("movement: w·(w − w₀), below zero where a weight moved towards zero", () => {
  const adapter = trainedAdapter("pfeiffer", "a");
  const start = initialTensors(adapter);
  const names = Object.keys(adapter.tensors).filter((one) => one.endsWith("weight"));
  const scores = movement(Object.fromEntries(names.map((one) => [one, adapter.tensors[one].data as Float32Array])), {
    adapter,
    seed: 0,
  });
  for (const one of names) {
    adapter.tensors[one].data.forEach((w, i) => {
      const w0 = start[one].data[i];
      assert.equal(scores[one][i] > 0, w * (w - w0) > 0);
      if (Math.sign(w) === Math.sign(w0)) assert.equal(scores[one][i] > 0, Math.abs(w) > Math.abs(w0));
    });
  }
});

test("SynFlow by hand: |w| times what leads on, in both matrices of a module", () => {
  const up = "layers.0.feedForward.up.weight";
  const adapter = {
    ...hand,
    tensors: {
      [name]: float32([2, 3], Float32Array.of(1, -2, 3, 4, -5, 6)),
      [up]: float32([3, 2], Float32Array.of(1, 0, -1, 2, 1, 0)),
    },
  };
  const both = { [name]: adapter.tensors[name].data as Float32Array, [up]: adapter.tensors[up].data as Float32Array };
  const scores = synflow(both, { adapter, seed: 0 });
  // |up| by columns: 3 and 2; |down| by rows: 6 and 15
  assert.deepEqual(Array.from(scores[name]), [3, 6, 9, 8, 10, 12]);
  assert.deepEqual(Array.from(scores[up]), [6, 0, 6, 30, 6, 0]);
  const total = (one: string) => Array.from(scores[one]).reduce((sum, x) => sum + x, 0);
  assert.equal(total(name), total(up)); // flow is conserved: what enters a layer leaves it
  assert.throws(() => synflow({ [name]: both[name] }, { adapter, seed: 0 }), /needs both matrices/);
});

test("LoRA's factors flow too, and both prune exactly", () => {
  for (const method of ["pfeiffer", "lora"] as const) {
    for (const criterion of ["movement", "synflow"] as const) {
      const { pruned, inScope } = pruneAdapter(trainedAdapter(method, "a"), { sparsity: 0.5, criterion });
      assert.equal(pruned, inScope / 2);
    }
  }
});
