import assert from "node:assert/strict";
import { test } from "node:test";
import { withSignAgreement, withStartShared } from "#src/signs/dose.js";
import { changeOf, initialOf } from "#src/signs/initialisation.js";
import { trainedAdapter } from "../signs/small-adapters.js";

const [target, partner] = [trainedAdapter("pfeiffer", "a"), trainedAdapter("pfeiffer", "b")];

/** Share of weights at which two changes have one sign, and the largest difference of their sizes. */
function compared(share: number) {
  const [made, own, other] = [withSignAgreement(partner, target, share), partner, target].map(changeOf);
  let [agree, all, worst] = [0, 0, 0];
  for (const [name, values] of Object.entries(made)) {
    values.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(Math.abs(value) - Math.abs(own[name][i])));
      if (value === 0 || other[name][i] === 0) return;
      all++;
      if (value * other[name][i] > 0) agree++;
    });
  }
  return { share: agree / all, worst };
}

test("signs agree in the share asked for, and sizes stay", () => {
  for (const share of [0, 0.3, 1]) {
    const found = compared(share);
    assert.ok(Math.abs(found.share - share) < 0.02, `${found.share} for ${share}`);
    assert.ok(found.worst < 1e-6, `sizes differ by ${found.worst}`);
  }
  assert.throws(() => withSignAgreement(partner, target, 1.2), /share lies between 0 and 1; 1.2/);
});

test("a larger share keeps the agreements of a smaller one", () => {
  const [few, many] = [0.3, 0.6].map((share) => changeOf(withSignAgreement(partner, target, share)));
  const other = changeOf(target);
  for (const [name, values] of Object.entries(few)) {
    values.forEach((value, i) => {
      if (value * other[name][i] > 0) assert.ok(many[name][i] * other[name][i] > 0);
    });
  }
});

test("a start is kept in the share asked for, and the change at every weight", () => {
  const change = changeOf(partner);
  const [own, other] = [initialOf(partner), initialOf({ ...partner, seed: "elsewhere" })];
  const half = withStartShared(partner, "elsewhere", 0.5);
  let [kept, all] = [0, 0];
  for (const [name, { data }] of Object.entries(half.tensors)) {
    data.forEach((value, i) => {
      const [a, b] = [own, other].map((start) => Math.abs(value - start[name].data[i] - change[name][i]) < 1e-6);
      assert.ok(a || b);
      if (own[name].data[i] === other[name].data[i]) return;
      all++;
      if (a) kept++;
    });
  }
  assert.ok(Math.abs(kept / all - 0.5) < 0.02);
  assert.equal(half.seed, undefined);
  assert.equal(withStartShared(partner, "elsewhere", 1).seed, partner.seed);
});
