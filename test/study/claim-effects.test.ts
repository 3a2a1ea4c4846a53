import assert from "node:assert/strict";
import { test } from "node:test";
import { claimCorrelation, claimMean } from "#src/study/claim-effects.js";

const domains = ["a", "b", "c", "d", "e"];
const pairs = domains.flatMap((target, t) =>
  domains.flatMap((partner, p) =>
    p === t ? [] : [{ target, members: [target, partner], value: 10 * p + t, seed: 1 }],
  ),
);
const value = (row: { value: number }) => row.value;

test("a mean is over the targets that count, and a second seed of the same mixture makes no interval narrower", () => {
  const once = claimMean(pairs, value, domains);
  const twice = claimMean([...pairs, ...pairs.map((row) => ({ ...row, seed: 2 }))], value, domains);
  assert.ok("effect" in once && "effect" in twice);
  assert.equal(once.effect, 22);
  assert.deepEqual(twice, once);
  const some = claimMean(pairs, value, ["a", "b", "c"]);
  const own = pairs.filter(({ target }) => "abc".includes(target));
  assert.ok("effect" in some);
  assert.equal(some.effect, own.reduce((sum, row) => sum + row.value, 0) / own.length);
});

test("the mixture of all domains has an interval over targets alone", () => {
  const all = domains.map((target, t) => ({ target, members: domains, value: t }));
  const found = claimMean(all, value, domains);
  assert.ok("effect" in found);
  assert.equal(found.effect, 2);
  // 2 ± t₀.₉₇₅,₄ √(2.5/5)
  assert.ok(Math.abs(found.high - found.effect - 2.7764 * Math.sqrt(0.5)) < 1e-3, `${found.high}`);
});

test("a correlation is within targets; too few targets or nothing that varies leave the claim undecided, with the reason", () => {
  const found = claimCorrelation(pairs, value, (row) => -row.value, domains);
  assert.ok("effect" in found);
  assert.ok(Math.abs(found.effect + 1) < 1e-9);
  assert.deepEqual(
    claimCorrelation(pairs, () => 1, value, domains),
    { undecided: "nothing varies within any target" },
  );
  assert.deepEqual(claimMean(pairs, value, ["a"]), { undecided: "1 target counts, an interval needs 3" });
});
