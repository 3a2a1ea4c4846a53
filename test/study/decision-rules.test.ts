import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, decisionRules } from "#src/study/decision-rules.js";

const rule = (id: string) => decisionRules().find((r) => r.id === id)!;

test("every rule has one statistic, one margin and a direction", () => {
  const ids = decisionRules().map((r) => r.id);
  assert.equal(new Set(ids).size, ids.length);
  for (const r of decisionRules()) {
    assert.ok(r.claim.endsWith(".") && r.statistic && Number.isFinite(r.margin), r.id);
    assert.ok(["above", "below"].includes(r.direction), r.id);
  }
});

test("a verdict needs the whole interval on one side of the margin", () => {
  assert.equal(decide(rule("C1"), { effect: 3, low: 1.2, high: 5 }), "holds");
  assert.equal(decide(rule("C1"), { effect: 3, low: 0.8, high: 5 }), "unclear");
  assert.equal(decide(rule("C1"), { effect: 0, low: -1, high: 0.9 }), "fails");
  assert.equal(decide(rule("C2"), { effect: -0.3, low: -0.5, high: -0.1 }), "holds");
  assert.equal(decide(rule("C2s"), { effect: -0.3, low: -0.49, high: -0.1 }), "fails");
  assert.equal(decide(rule("C4"), { effect: 0.4, low: 0.1, high: 1 }), "unclear");
});

test("an effect outside its interval is refused", () => {
  assert.throws(() => decide(rule("C1"), { effect: 9, low: 1, high: 2 }), /does not hold the effect 9/);
});
