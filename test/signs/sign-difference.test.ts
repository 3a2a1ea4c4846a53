import assert from "node:assert/strict";
import { test } from "node:test";
import { initialTensors } from "#src/adapters/create.js";
import { createRandom } from "#src/engine/random.js";
import { fractionOfSignDifference } from "#src/signs/sign-difference.js";
import { handAdapter, mapTensors, methods, trainedAdapter } from "./small-adapters.js";

const a = handAdapter("a", [
  [1, -2, 0],
  [3, -4, 5],
]);
const b = handAdapter("b", [
  [1, 2, -1],
  [-3, -4, 0],
]);

test("the 2×3 case worked by hand, under every rule for zeros", () => {
  const overall = (zeros: "never" | "ownSign" | "bothNonZero") => fractionOfSignDifference(a, b, { zeros }).overall;
  assert.equal(overall("never"), 2 / 6);
  assert.equal(overall("ownSign"), 4 / 6);
  assert.equal(overall("bothNonZero"), 2 / 4);
  const { counts, chance } = fractionOfSignDifference(a, b);
  assert.deepEqual(counts, { positions: 6, opposite: 2, bothNonZero: 4, oneZero: 2 });
  assert.equal(chance, 2 / 6, "half of the four positions where both have a sign, of six");
});

test("FSD(a, a) = 0, FSD is symmetric, and lies in [0, 1]", () => {
  for (const method of methods) {
    const [p, q] = [trainedAdapter(method, "p"), trainedAdapter(method, "q")];
    for (const zeros of ["never", "ownSign", "bothNonZero"] as const) {
      for (const weights of ["raw", "change"] as const) {
        for (const space of method === "lora" ? (["factors", "product"] as const) : (["factors"] as const)) {
          const options = { zeros, weights, space };
          assert.equal(fractionOfSignDifference(p, p, options).overall, 0);
          const forth = fractionOfSignDifference(p, q, options);
          const back = fractionOfSignDifference(q, p, options);
          assert.deepEqual({ ...forth, nearZero: 0 }, { ...back, nearZero: 0 });
          assert.ok(forth.overall > 0 && forth.overall < 1);
        }
      }
    }
  }
});

test("FSD(a, −a) = 1 off zeros, for raw tensors", () => {
  for (const method of methods) {
    const p = trainedAdapter(method, "p");
    const sparse = mapTensors(p, (value, _, i) => (i % 3 === 0 ? 0 : value));
    const negated = mapTensors(sparse, (value) => -value);
    const difference = fractionOfSignDifference(sparse, negated, { zeros: "bothNonZero" });
    assert.equal(difference.overall, 1);
    assert.equal(
      fractionOfSignDifference(
        p,
        mapTensors(p, (value) => -value),
      ).overall,
      1,
    );
  }
});

test("LoRA: negating A and B leaves the product alone; negating B alone negates it", () => {
  const p = trainedAdapter("lora", "p");
  const both = mapTensors(p, (value) => -value);
  const onlyB = mapTensors(p, (value, name) => (name.endsWith(".B") ? -value : value));
  assert.equal(fractionOfSignDifference(p, both, { space: "product" }).overall, 0);
  assert.equal(fractionOfSignDifference(p, onlyB, { space: "product" }).overall, 1);
  assert.equal(fractionOfSignDifference(p, both).overall, 1);
  assert.equal(fractionOfSignDifference(p, onlyB).byPart.A, 0);
  assert.equal(fractionOfSignDifference(p, onlyB).byPart.B, 1);
});

test("parts pool positions, and cover tensors, layers, modules and parts", () => {
  const [p, q] = [trainedAdapter("houlsby", "p"), trainedAdapter("houlsby", "q")];
  const difference = fractionOfSignDifference(p, q, { parameters: "matrices" });
  assert.deepEqual(Object.keys(difference.byLayer), ["0", "1"]);
  assert.deepEqual(Object.keys(difference.byModule), ["attention", "feedForward"]);
  assert.deepEqual(Object.keys(difference.byPart), ["down.weight", "up.weight"]);
  const tensors = Object.values(difference.byTensor);
  assert.equal(tensors.length, 8, "biases are left out");
  // all tensors are of equal size here, so that the mean of parts is the whole
  assert.ok(Math.abs(tensors.reduce((sum, value) => sum + value, 0) / 8 - difference.overall) < 1e-12);
  assert.equal(Object.keys(fractionOfSignDifference(p, q).byTensor).length, 16);
});

test("counts agree with a plain loop over sparse random adapters", () => {
  const random = createRandom("sparse");
  for (let round = 0; round < 20; round++) {
    const draw = () => random.choice([0, 0, 1, -1, -0, 0.5]);
    const rows = () => Array.from({ length: 1 + round }, () => Array.from({ length: 7 }, draw));
    const [p, q] = [rows(), rows()];
    const { counts } = fractionOfSignDifference(handAdapter("p", p), handAdapter("q", q));
    const pairs = p.flat().map((value, i) => [value, q.flat()[i]]);
    assert.equal(counts.opposite, pairs.filter(([x, y]) => x * y < 0).length);
    assert.equal(counts.bothNonZero, pairs.filter(([x, y]) => x * y !== 0).length);
    assert.equal(counts.oneZero, pairs.filter(([x, y]) => (x === 0) !== (y === 0)).length);
    assert.equal(counts.positions, pairs.length);
  }
});

test("different seeds disagree at about half of all raw signs, a shared start at far fewer", () => {
  const shared = fractionOfSignDifference(trainedAdapter("pfeiffer", "p"), trainedAdapter("pfeiffer", "q"));
  const apart = fractionOfSignDifference(trainedAdapter("pfeiffer", "p", 1), trainedAdapter("pfeiffer", "q", 2));
  assert.ok(Math.abs(apart.overall - 0.5) < 0.1, `${apart.overall}`);
  assert.ok(shared.overall < 0.4, `${shared.overall}`);
});

test("delta compares changes from initialisation, and refuses an unknown start", () => {
  const p = trainedAdapter("pfeiffer", "p");
  const initial = initialTensors(p);
  const mirrored = mapTensors(p, (value, name, i) => 2 * initial[name].data[i] - value); // θ₀ − δ
  assert.ok(fractionOfSignDifference(p, mirrored, { weights: "change" }).overall > 0.999);
  assert.throws(() => fractionOfSignDifference(a, b, { weights: "change" }), /not known what "a" started from/);
});

test("adapters that do not go together are refused with the difference named", () => {
  const p = trainedAdapter("pfeiffer", "p");
  const q = trainedAdapter("pfeiffer", "q");
  const refused = (other: typeof p, message: RegExp) =>
    assert.throws(() => fractionOfSignDifference(p, other), message);
  refused(trainedAdapter("houlsby", "h"), /"p" and "h" differ in method: "pfeiffer" against "houlsby"/);
  refused(
    { ...q, config: { ...q.config, reductionFactor: 2 } as typeof q.config },
    /differ in reductionFactor: 4 against 2/,
  );
  refused({ ...q, base: { ...q.base, layers: 3 } }, /differ in the encoder's layers: 2 against 3/);
  const named = (adapter: typeof p, encoder: string) => ({ ...adapter, base: { ...adapter.base, encoder } });
  assert.throws(() => fractionOfSignDifference(named(p, "x"), named(q, "y")), /differ in encoder: "x" against "y"/);
  assert.ok(fractionOfSignDifference(named(p, "x"), named(q, "y"), { anyEncoder: true }).overall > 0);
  const { "layers.0.feedForward.up.weight": _, ...fewer } = q.tensors;
  refused({ ...q, tensors: fewer }, /"p" has the tensor layers.0.feedForward.up.weight, "q" has not/);
  assert.throws(
    () => fractionOfSignDifference(p, q, { space: "product" }),
    /product space is LoRA's; "p" is a pfeiffer/,
  );
});
