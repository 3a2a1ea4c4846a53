import assert from "node:assert/strict";
import { test } from "node:test";
import { type Adapter, adapterHash } from "#src/adapters/adapter.js";
import { initialTensors } from "#src/adapters/create.js";
import { loraProduct } from "#src/adapters/lora.js";
import { createRandom } from "#src/engine/random.js";
import { mixAdapters } from "#src/mixing/mix.js";
import type { MixOptions } from "#src/mixing/options.js";
import { handAdapter, mapTensors, methods, rowsOf, trainedAdapter } from "../signs/small-adapters.js";

const a = handAdapter("a", [
  [1, -2, 0],
  [3, -4, 5],
]);
const b = handAdapter("b", [
  [1, 2, -1],
  [-3, -4, 0],
]);
const quiet = { onNote: () => undefined };
const mixed = (adapters: Adapter[], options: MixOptions = {}) =>
  rowsOf(mixAdapters(adapters, { ...quiet, ...options }));

/** scale·B·A of every matrix of a LoRA, in float64. */
function update(adapter: Adapter): number[] {
  if (adapter.config.method !== "lora") throw new Error("no LoRA");
  const scale = adapter.config.alpha / adapter.config.rank;
  return Object.keys(adapter.tensors)
    .filter((name) => name.endsWith(".A"))
    .sort()
    .flatMap((name) =>
      Array.from(
        loraProduct(adapter.tensors[name], adapter.tensors[name.replace(/A$/, "B")]),
        (value) => scale * value,
      ),
    );
}

function assertClose(actual: number[], expected: number[], tolerance = 1e-6) {
  assert.equal(actual.length, expected.length);
  const worst = actual.reduce((max, value, i) => Math.max(max, Math.abs(value - expected[i])), 0);
  assert.ok(worst <= tolerance, `differs by ${worst}`);
}

test("the 2×3 cases worked by hand", () => {
  assert.deepEqual(mixed([a, b]), [
    [1, 0, -0.5],
    [0, -4, 2.5],
  ]);
  assert.deepEqual(mixed([a, b], { coefficients: [3, 1] }), [
    [1, -1, -0.25],
    [1.5, -4, 3.75],
  ]);
  assert.deepEqual(mixed([a, b], { coefficients: [1, -0.5], normalize: false }), [
    [0.5, -3, 0.5],
    [4.5, -2, 5],
  ]);
  assert.deepEqual(mixed([a, b], { strategy: "ties", density: 1 }), [
    [1, 0, -1],
    [0, -4, 5],
  ]);
  assert.deepEqual(mixed([a, b], { strategy: "ties", density: 0.5 }), [
    [0, 2, 0],
    [0, -4, 5],
  ]);
  assert.deepEqual(mixed([a, b], { strategy: "ties", density: 0.5, lambda: 0.5 }), [
    [0, 1, 0],
    [0, -2, 2.5],
  ]);
  assert.deepEqual(mixed([a, b], { strategy: "magnitude_prune", density: 0.5 }), [
    [0, 1, 0],
    [0, -4, 2.5],
  ]);
});

test("TIES: coefficients come after the election; by count each adapter has one vote", () => {
  const c = handAdapter("c", [[5, 4, 0]]);
  const d = handAdapter("d", [[-1, 2, 0]]);
  const e = handAdapter("e", [[-1, -1, 0]]);
  const options = { strategy: "ties", density: 1 } as const;
  assert.deepEqual(mixed([c, d, e], options), [[5, 3, 0]], "5 outweighs −1 −1; 4 and 2 agree");
  assert.deepEqual(
    mixed([c, d, e], { ...options, coefficients: [1, 1, 100] }),
    [[5, 3, 0]],
    "the election has no coefficients",
  );
  assert.deepEqual(mixed([c, d, e], { ...options, coefficients: [1, 3, 1] }), [[5, 2.5, 0]], "(1·4 + 3·2) / 4");
  assert.deepEqual(mixed([c, d, e], { ...options, majority: "count" }), [[-1, 3, 0]]);
  assert.throws(() => mixed([c, d], { ...options, coefficients: [2, -1] }), /TIES takes coefficients of 0 or more/);
});

test("DARE: the masks given are used, and what stays is divided by the density", () => {
  const mask = (bits: number[]) => ({
    "layers.0.feedForward.down.weight": { shape: [2, 3], dtype: "bool" as const, data: Uint8Array.from(bits) },
  });
  const masks = [mask([1, 0, 0, 1, 0, 1]), mask([0, 1, 0, 1, 1, 1])];
  assert.deepEqual(mixed([a, b], { strategy: "dare", density: 0.5, masks }), [
    [1, 2, 0],
    [0, -4, 5],
  ]);
  assert.deepEqual(mixed([a, b], { strategy: "dare_ties", density: 0.5, masks }), [
    [2, 4, 0],
    [0, -8, 10],
  ]);
  assert.throws(() => mixed([a, b], { strategy: "dare", masks: [masks[0]] }), /2 adapters need 2 sets of masks, not 1/);
  assert.throws(
    () => mixed([a, b], { strategy: "dare", masks: [{}, {}] }),
    /feedForward.down.weight must hold 6 numbers, not 0/,
  );
});

test("DARE: a seed fixes the masks, whatever the order and the company; the expected value is kept", () => {
  const [p, q, r] = ["p", "q", "r"].map((name) => trainedAdapter("houlsby", name));
  const options = { strategy: "dare", density: 0.3, seed: 7, normalize: false } as const;
  const hash = (adapters: Adapter[], more: MixOptions = {}) =>
    adapterHash(mixAdapters(adapters, { ...options, ...more }));
  assert.equal(hash([p, q, r]), hash([r, p, q]));
  assert.notEqual(hash([p, q]), hash([p, q], { seed: 8 }));
  // weight 0 for the others: what p keeps is the same alone and in company
  assert.equal(hash([p]), hash([p, q], { coefficients: [1, 0] }));
  assert.throws(() => mixAdapters([p, { ...q, name: "p" }], options), /Two adapters are called "p"/);

  const big = handAdapter("big", [Array.from({ length: 20000 }, (_, i) => 1 + (i % 3))]);
  const values = mixed([big], { strategy: "dare", density: 0.25 })[0];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(mean - 2) < 0.1, `the mean of ${mean} should be near 2`);
});

test("coefficients [1, 0, …] return the first adapter bit for bit, −0 and odd numbers too", () => {
  for (const method of methods) {
    const first = mapTensors(trainedAdapter(method, "p"), (value, _, i) => [value, -0, 1e-40, 3e38][i % 4]);
    const others = ["q", "r"].map((name) => trainedAdapter(method, name));
    for (const coefficients of [
      [1, 0, 0],
      [0.3, 0, 0],
    ]) {
      for (const strategy of method === "lora" ? (["average", "negate_b"] as const) : (["average"] as const)) {
        const mixture = mixAdapters([first, ...others], { coefficients, strategy });
        for (const [name, { data }] of Object.entries(mixture.tensors)) {
          assert.ok(data.every((value, i) => Object.is(value, first.tensors[name].data[i])));
        }
      }
    }
    assert.equal(adapterHash(mixAdapters([first])), adapterHash(first));
  }
});

test("the order of adapters does not matter, bit for bit, in any strategy", () => {
  const random = createRandom("orders");
  for (const method of methods) {
    const adapters = ["p", "q", "r", "s", "t"].map((name) => trainedAdapter(method, name));
    const coefficients = [0.1, 0.7, 1 / 3, 0.25, 2];
    const strategies: MixOptions[] = [
      {},
      { strategy: "ties", density: 0.4 },
      { strategy: "dare", density: 0.5 },
      { strategy: "dare_ties", density: 0.5, weights: "raw" },
      { strategy: "magnitude_prune" },
    ];
    if (method === "lora") {
      strategies.push({ space: "product" }, { strategy: "negate_b" });
      strategies.push({ strategy: "ties", space: "product" }, { compat: "peft" }, { compat: "peft", strategy: "ties" });
    }
    for (const options of strategies) {
      const expected = adapterHash(mixAdapters(adapters, { ...options, coefficients }));
      for (let round = 0; round < 4; round++) {
        const order = random.shuffle([0, 1, 2, 3, 4]);
        const shuffled = mixAdapters(
          order.map((i) => adapters[i]),
          { ...options, coefficients: order.map((i) => coefficients[i]) },
        );
        assert.equal(adapterHash(shuffled), expected, `${method} ${JSON.stringify(options)}`);
      }
    }
  }
});

test("copies of an adapter average to it bit for bit, at any size and with any coefficients", () => {
  for (const method of methods) {
    const adapter = trainedAdapter(method, "p");
    for (let k = 1; k <= 13; k++) {
      const copies = Array.from({ length: k }, () => structuredClone(adapter));
      const coefficients = copies.map((_, i) => 1 / (i + 3));
      assert.equal(adapterHash(mixAdapters(copies)), adapterHash(adapter));
      assert.equal(adapterHash(mixAdapters(copies, { coefficients })), adapterHash(adapter));
      const ties = mixAdapters(copies, { strategy: "ties", density: 1, weights: "raw" });
      assert.equal(adapterHash(ties), adapterHash(adapter));
    }
  }
});

test("a uniform average equals a float64 sum rounded once", () => {
  const adapters = ["p", "q", "r"].map((name) => trainedAdapter("pfeiffer", name));
  const mixture = mixAdapters(adapters);
  for (const [name, { data }] of Object.entries(mixture.tensors)) {
    const [x, y, z] = adapters.map(({ tensors }) => tensors[name].data);
    data.forEach((value, i) => {
      assert.ok(Math.abs(value - Math.fround((x[i] + y[i] + z[i]) / 3)) <= Number.EPSILON * Math.abs(value));
    });
  }
});

test("coefficients are normalised unless told otherwise, and checked", () => {
  const [p, q] = [trainedAdapter("houlsby", "p"), trainedAdapter("houlsby", "q")];
  const hash = (options: MixOptions) => adapterHash(mixAdapters([p, q], options));
  assert.equal(hash({ coefficients: [2, 1] }), hash({ coefficients: [4, 2] }));
  assert.notEqual(hash({ coefficients: [2, 1] }), hash({ coefficients: [2, 1], normalize: false }));
  assert.equal(hash({ coefficients: [1, 1] }), hash({}));
  assert.throws(() => hash({ coefficients: [1] }), /2 adapters need 2 coefficients, not 1/);
  assert.throws(() => hash({ coefficients: [1, Number.NaN] }), /finite number, not NaN/);
  assert.throws(() => hash({ coefficients: [1, -1] }), /sum to zero and cannot be normalised/);
});

test("TIES acts on the change where the start is shared, on raw weights otherwise, and says so", () => {
  const adapters = ["p", "q"].map((name) => trainedAdapter("pfeiffer", name));
  const options: MixOptions = { strategy: "ties", density: 0.5 };
  const notes: string[] = [];
  const mixture = mixAdapters(adapters, { ...options, onNote: (note) => notes.push(note) });
  assert.equal(notes.length, 0);
  assert.equal(mixture.seed, "start");
  const initial = initialTensors(adapters[0]);
  const untouched = Object.entries(mixture.tensors).flatMap(([name, { data }]) =>
    Array.from(data, (value, i) => Number(Object.is(value, initial[name].data[i]))),
  );
  assert.ok(
    untouched.some((same) => same === 1),
    "weights that no adapter changed much keep their initial bits",
  );

  const apart = ["p", "q"].map((name, i) => trainedAdapter("pfeiffer", name, i));
  const raw = mixAdapters(apart, { ...options, onNote: (note) => notes.push(note) });
  assert.match(notes[0], /not known to start from the same tensors, so their raw weights/);
  assert.equal(raw.seed, undefined);
  assert.equal(adapterHash(raw), adapterHash(mixAdapters(apart, { ...options, weights: "raw" })));
  assert.throws(() => mixAdapters(apart, { ...options, weights: "change" }), /changes of "p", "q" cannot be mixed/);
});

test("an average of one start keeps the seed, others lose it", () => {
  const shared = ["p", "q"].map((name) => trainedAdapter("lora", name));
  assert.equal(mixAdapters(shared).seed, "start");
  assert.equal(mixAdapters(shared, { coefficients: [3, 2] }).seed, "start");
  assert.equal(mixAdapters(shared, { coefficients: [3, 2], normalize: false }).seed, undefined);
  assert.equal(mixAdapters(shared, { space: "product" }).seed, undefined);
  assert.equal(mixAdapters([shared[0], trainedAdapter("lora", "q", "other")]).seed, undefined);
});

test("LoRA: products mix exactly side by side, and as well as the rank allows by singular values", () => {
  const adapters = ["p", "q", "r"].map((name) => trainedAdapter("lora", name));
  const coefficients = [0.5, 0.3, 0.2];
  const [p, q, r] = adapters.map(update);
  const expected = p.map((value, i) => 0.5 * value + 0.3 * q[i] + 0.2 * r[i]);
  const cat = mixAdapters(adapters, { coefficients, strategy: "cat" });
  assert.equal(cat.config.method === "lora" && cat.config.rank, 12);
  assertClose(update(cat), expected);
  assertClose(update(mixAdapters(adapters, { coefficients, space: "product", rank: 12 })), expected);
  assertClose(update(mixAdapters(adapters, { coefficients: [0, 1, 0], space: "product" })), q);
  const cut = mixAdapters(adapters, { coefficients, space: "product" });
  assert.equal(cut.config.method === "lora" && cut.config.rank, 4);
  const error = (values: number[]) => Math.hypot(...values.map((value, i) => value - expected[i]));
  assert.ok(
    error(update(cut)) < error(update(mixAdapters(adapters, { coefficients }))),
    "closer than averaging factors",
  );
});

test("LoRA: mixtures in the product space keep the scale of the update when the rank changes", () => {
  const adapter = trainedAdapter("lora", "p"); // rank 4, alpha 8
  for (const rank of [4, 8, 16]) {
    assertClose(update(mixAdapters([adapter], { space: "product", rank })), update(adapter));
  }
  const other = { ...adapter, config: { ...adapter.config, alpha: 2 } as typeof adapter.config };
  const expected = update(adapter).map((value, i) => (value + update(other)[i]) / 2);
  assertClose(update(mixAdapters([adapter, other], { strategy: "cat" })), expected);
  assert.throws(() => mixAdapters([adapter, other]), /differ in alpha: 8 against 2/);
});

test("LoRA: a negative coefficient negates the update, in every strategy that takes one", () => {
  const adapter = trainedAdapter("lora", "p");
  const negated = update(adapter).map((value) => -value);
  const minus: MixOptions = { coefficients: [-1], normalize: false };
  assertClose(update(mixAdapters([adapter], { ...minus, strategy: "negate_b" })), negated);
  assertClose(update(mixAdapters([adapter], { ...minus, strategy: "cat" })), negated);
  assertClose(update(mixAdapters([adapter], { ...minus, space: "product" })), negated);
  assertClose(update(mixAdapters([adapter], { ...minus, compat: "peft" })), negated);
  assert.throws(
    () => mixAdapters([adapter], minus),
    /negative coefficient on both factors of a LoRA leaves B·A as it is/,
  );
  assertClose(update(mixAdapters([adapter], { ...minus, compat: "adapterhub" })), update(adapter));
});

test("PEFT's arithmetic: square roots of coefficients on the factors, division by count", () => {
  const lora = (name: string, A: number[], B: number[]): Adapter => ({
    ...trainedAdapter("lora", name),
    config: { method: "lora", rank: 1, alpha: 2, rankStabilised: false, targets: ["query"], leaveOut: [] },
    tensors: {
      "layers.0.query.A": { shape: [1, 2], dtype: "float32", data: Float32Array.from(A) },
      "layers.0.query.B": { shape: [1, 1], dtype: "float32", data: Float32Array.from(B) },
    },
  });
  const [p, q] = [lora("p", [2, -4], [1]), lora("q", [4, 2], [3])];
  const values = (options: MixOptions) =>
    Object.values(mixAdapters([p, q], options).tensors).map(({ data }) => Array.from(data));
  // √(½ · alpha/rank) = 1
  assert.deepEqual(values({ compat: "peft", coefficients: [0.5, 0.5] }), [[6, -2], [4]]);
  assert.deepEqual(values({}), [[3, -1], [2]]);
  const ties: MixOptions = { strategy: "ties", density: 1, coefficients: [0.125, 0.125] }; // √(⅛ · 2) = ½
  assert.deepEqual(values({ ...ties, compat: "peft" }), [[1.5, -2], [1]]);
  assert.deepEqual(values({ ...ties, weights: "raw" }), [[3, -4], [2]]);
  const { config } = mixAdapters([p, q], { compat: "peft" });
  assert.equal(config.method === "lora" && config.alpha / config.rank, 1);
});

test("mixtures of different configurations or encoders are refused, naming the difference", () => {
  const p = trainedAdapter("lora", "p");
  const q = trainedAdapter("lora", "q");
  const refused = (other: Adapter, message: RegExp) => assert.throws(() => mixAdapters([p, other]), message);
  refused(trainedAdapter("pfeiffer", "f"), /"p" and "f" differ in method/);
  refused({ ...q, config: { ...q.config, rank: 2 } as typeof q.config }, /differ in rank: 4 against 2/);
  refused({ ...q, config: { ...q.config, targets: ["key"] } as typeof q.config }, /differ in targets/);
  refused({ ...q, base: { ...q.base, family: "roberta" } }, /differ in the encoder's family: "bert" against "roberta"/);
  assert.throws(() => mixAdapters([]), /at least one adapter/);
  assert.throws(() => mixAdapters([p], { strategy: "sum" as "average" }), /"sum" is no way to mix; choose average/);
  const bottleneck = trainedAdapter("houlsby", "h");
  assert.throws(() => mixAdapters([bottleneck], { space: "product" }), /product space is for LoRA; "h" is a houlsby/);
  assert.throws(() => mixAdapters([bottleneck], { compat: "peft" }), /PEFT is for LoRA/);
  assert.throws(() => mixAdapters([p], { compat: "adapterhub", strategy: "ties" }), /AdapterHub has no "ties"/);
  assert.throws(() => mixAdapters([p], { strategy: "dare", density: 0 }), /density, which cannot be 0/);
  assert.throws(() => mixAdapters([p], { strategy: "ties", density: 20 }), /share from 0 to 1, not 20/);
});

test("a mixture that is not finite is refused", () => {
  const broken = handAdapter("broken", [[1, Number.NaN]]);
  assert.throws(() => mixAdapters([broken, handAdapter("fine", [[1, 2]])]), /"broken\+fine" is not finite in layers.0/);
});
