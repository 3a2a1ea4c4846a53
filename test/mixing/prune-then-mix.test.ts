import assert from "node:assert/strict";
import { test } from "node:test";
import { adapterHash } from "#src/adapters/adapter.js";
import { mixAdapters } from "#src/mixing/mix.js";
import { normOf, pruneThenMix, sparseMixtures } from "#src/mixing/prune-then-mix.js";
import { pruneAdapter, sparsityOf } from "#src/pruning/prune.js";
import { handAdapter, methods, rowsOf, trainedAdapter } from "../signs/small-adapters.js";

const names = ["a", "b", "c"];
const views = ["raw", "change"] as const;

test("the 2×3 case worked by hand", () => {
  const adapters = [
    handAdapter("a", [
      [1, -2, 0],
      [3, -4, 5],
    ]),
    handAdapter("b", [
      [1, 2, -1],
      [-3, -4, 0],
    ]),
  ];
  // half of each, by magnitude: [0 0 0; 3 −4 5] and [0 2 0; −3 −4 0]
  const make = (kind: (typeof sparseMixtures)[number]) => rowsOf(pruneThenMix(adapters, { sparsity: 0.5, kind }));
  assert.deepEqual(make("sparse"), [
    [0, 1, 0],
    [0, -4, 2.5],
  ]);
  // at the conflict 3 against −3 no sign is elected; 2 and 5 stand alone
  assert.deepEqual(make("ties"), [
    [0, 2, 0],
    [0, -4, 5],
  ]);
  // the dense average [1 0 −½; 0 −4 2½] has the squared norm 23.5, the sparse one 23.25
  const factor = Math.sqrt(23.25 / 23.5);
  assert.ok(Math.abs(make("scaledDense")[1][1] - -4 * factor) < 1e-6);
  assert.ok(Math.abs(make("scaledSparse")[1][1] - -4 / factor) < 1e-6);
});

test("without pruning every kind but the election is the dense average, bit for bit or nearly", () => {
  for (const method of methods) {
    const adapters = names.map((name) => trainedAdapter(method, name));
    const dense = mixAdapters(adapters, { name: "x" });
    for (const weights of views) {
      for (const kind of sparseMixtures) {
        const mixture = pruneThenMix(adapters, { sparsity: 0, kind, weights });
        if (["sparse", "random", "randomRescaled", "dense"].includes(kind)) {
          assert.equal(adapterHash({ ...mixture, name: "x" }), adapterHash(dense), `${method} ${weights} ${kind}`);
        } else if (kind !== "ties") {
          assert.ok(Math.abs(normOf(mixture, weights) - normOf(dense, weights)) < 1e-4);
        }
      }
    }
  }
});

test("kinds differ in nothing but 2-D weights, and scaled ones have the norm that they are given", () => {
  for (const method of methods) {
    const adapters = names.map((name) => trainedAdapter(method, name));
    for (const weights of views) {
      const made = new Map(
        sparseMixtures.map((kind) => [kind, pruneThenMix(adapters, { sparsity: 0.8, kind, weights })]),
      );
      const dense = made.get("dense")!;
      for (const mixture of made.values()) {
        for (const [name, { shape, data }] of Object.entries(mixture.tensors)) {
          if (shape.length === 1) assert.deepEqual(data, dense.tensors[name].data);
        }
      }
      const norm = (kind: (typeof sparseMixtures)[number]) => normOf(made.get(kind)!, weights);
      const near = (x: number, y: number) => assert.ok(Math.abs(x - y) < 1e-4 * (x + y), `${x} against ${y}`);
      near(norm("scaledDense"), norm("sparse"));
      near(norm("scaledSparse"), norm("dense"));
      assert.ok(norm("random") < norm("sparse"), "magnitude keeps what weighs most");
      // 1/(1 − 0.8) = 5 times what random masks keep, a little more or less by tensor
      assert.ok(Math.abs(norm("randomRescaled") / norm("random") / 5 - 1) < 0.1);
    }
  }
});

test("members are as sparse as asked for; random masks differ between members and follow the seed", () => {
  const adapters = names.map((name) => trainedAdapter("houlsby", name));
  const alone = pruneThenMix(adapters.slice(0, 1), { sparsity: 0.9, kind: "random" });
  const by = (adapter: number, seed: string) =>
    pruneAdapter(adapters[adapter], { sparsity: 0.9, criterion: "random", seed }).adapter;
  assert.equal(adapterHash(alone), adapterHash({ ...by(0, "0/a"), name: alone.name }));
  const together = pruneThenMix(adapters, { sparsity: 0.9, kind: "random" });
  // three masks of a tenth each meet rarely: 1 − 0.9³ of the weights survive, about 27%
  assert.ok(Math.abs(sparsityOf(together) - 0.9 ** 3) < 0.02);
  const other = pruneThenMix(adapters, { sparsity: 0.9, kind: "random", seed: 1 });
  assert.notEqual(adapterHash(other), adapterHash(together));
});

test("the order of members does not matter, and an unknown kind is refused", () => {
  const adapters = names.map((name) => trainedAdapter("lora", name));
  for (const kind of sparseMixtures) {
    const [one, two] = [adapters, [...adapters].reverse()].map((list) => pruneThenMix(list, { sparsity: 0.5, kind }));
    assert.equal(adapterHash({ ...one, name: "x" }), adapterHash({ ...two, name: "x" }), kind);
  }
  assert.throws(() => pruneThenMix(adapters, { sparsity: 0.5, kind: "half" as "sparse" }), /"half" is no kind/);
});
