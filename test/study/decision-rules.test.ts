import assert from "node:assert/strict";
import { test } from "node:test";
import { mean } from "simple-statistics";
import { paperAssociation, paperByTarget } from "#src/chapters/conflict/paper-association.js";
import { flipGrowth } from "#src/chapters/conflict/paper-starts.js";
import { decide, decisionRules, marginText } from "#src/study/decision-rules.js";
import { readPaper } from "#src/study/paper.js";

const rule = (id: string) => decisionRules().find((r) => r.id === id)!;

test("every rule has one statistic, one margin and a direction", () => {
  const ids = decisionRules().map((r) => r.id);
  assert.deepEqual(ids, "F1 F2t F2f F3 F4 S1 S1s S1c S2 S3 G1 G1m P1 P2".split(" "));
  for (const r of decisionRules()) {
    assert.ok(r.claim.endsWith(".") && r.statistic && Number.isFinite(r.margin) && r.paper.from, r.id);
    assert.ok(["above", "below", "within"].includes(r.direction), r.id);
  }
});

test("a verdict needs the whole interval on one side of the margin", () => {
  assert.equal(decide(rule("F1"), { effect: 3, low: 1.2, high: 5 }), "holds");
  assert.equal(decide(rule("F1"), { effect: 3, low: 0.8, high: 5 }), "unclear");
  assert.equal(decide(rule("F1"), { effect: 0, low: -1, high: 0.9 }), "fails");
  assert.equal(decide(rule("S1"), { effect: -0.3, low: -0.5, high: -0.1 }), "holds");
  assert.equal(decide(rule("S1s"), { effect: -0.3, low: -0.49, high: -0.1 }), "fails");
  assert.equal(decide(rule("P1"), { effect: 0.4, low: 0.1, high: 1 }), "unclear");
  assert.equal(decide(rule("S3"), { effect: 0, low: -0.29, high: 0.2 }), "holds");
});

test("an effect outside its interval is refused", () => {
  assert.throws(() => decide(rule("F1"), { effect: 9, low: 1, high: 2 }), /does not hold the effect 9/);
});

test("a margin is said with its unit", () => {
  assert.equal(marginText(rule("F2t")), "within ±2 points");
  assert.equal(marginText(rule("S1s")), "below -0.5");
});

test("the paper's number of each rule is what its numbers give", () => {
  const paper = readPaper();
  const drops = paper.dropAtThirteen.rows;
  const clean = mean(drops.map((row) => row.clean));
  const single = new Map(paper.single.rows.map(({ domain, accuracy }) => [domain, accuracy]));
  const ofSize = (wanted: number) =>
    mean(
      paper.bySize.rows.flatMap(({ target, size, accuracy }) =>
        size === wanted && accuracy !== null ? [(single.get(target) as number) - accuracy] : [],
      ),
    );
  const choices = paper.choices.rows.filter(({ size }) => size > 1 && size < 13);
  const alone = paper.choices.rows.find(({ size }) => size === 1)?.mean as number;
  const pruned = paper.pruning.rows.find(({ sparsity }) => sparsity === 90)?.accuracy as number;
  const sparse = paper.sparseMixtures.rows.filter(({ size }) => size > 1);
  const found: Record<string, number> = {
    F1: clean,
    F2t: clean - mean(drops.map(({ textfooler }) => textfooler)),
    F2f: clean - mean(drops.map(({ fgsm }) => fgsm)),
    F4: (ofSize(2) + ofSize(3)) / 2,
    S1: paperAssociation(paper).fsd.effect,
    S1s: paperAssociation(paper).fsd.effect,
    S1c: mean(paperByTarget(paper).flatMap(({ sameStartGain: gain }) => (Number.isFinite(gain) ? [gain] : []))),
    S2: mean(flipGrowth(paper).map(({ beyond }) => beyond)),
    G1: mean(choices.map(({ max, leastFsd }) => max - leastFsd)),
    G1m: mean(choices.map(({ mostFsd, min }) => mostFsd - min)),
    P1: alone - pruned,
    P2: mean(sparse.map(({ sparse90, denseMax }) => sparse90 - denseMax)),
  };
  for (const { id, unit, paper: own } of decisionRules()) {
    const step = unit === "points" ? 0.05 : 0.005;
    if (own.effect === null) assert.ok(!(id in found), id);
    else assert.ok(Math.abs(own.effect - found[id]) <= step + 1e-9, `${id}: ${own.effect} and ${found[id]}`);
  }
});
