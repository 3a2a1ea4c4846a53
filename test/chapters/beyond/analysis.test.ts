import assert from "node:assert/strict";
import { test } from "node:test";
import { adviseMixing } from "#src/chapters/beyond/advise.js";
import { besideOthers } from "#src/chapters/beyond/beside-others.js";
import { criteriaEffects, criteriaFigure, describeCriteria } from "#src/chapters/beyond/criteria.js";
import { comparedCriteria } from "#src/chapters/beyond/criterion-unit.js";
import { describeDoses, doseEffects, doseFigure, doseParts } from "#src/chapters/beyond/dose.js";
import type { CriterionRow, DoseRow, WayRow } from "#src/chapters/beyond/measure.js";
import {
  describePredictors,
  type ForetoldPair,
  foretell,
  type PredictorName,
  predictorEffects,
  predictorFigure,
  predictors,
} from "#src/chapters/beyond/mergeability.js";
import { decideBeyond, decisionTable, readPredictions } from "#src/chapters/beyond/predictions.js";
import { chosenOnDev, describeStrengths, strengthEffects } from "#src/chapters/beyond/strength.js";
import { bestWay, describeWays, wayEffects, wayTable } from "#src/chapters/beyond/way-table.js";
import { createRandom } from "#src/engine/random.js";
import type { Figure } from "#src/figures/figure.js";
import { ridge } from "#src/statistics/ridge.js";
import type { Study } from "#src/study/study.js";

const targets = ["a", "b", "c", "d"];

/** Rows of a world in which accuracy follows the product of signs and size, and starts are worth 10 points. */
function doseRows(): DoseRow[] {
  return targets.flatMap((target, t) => {
    const partner = targets[(t + 1) % targets.length];
    const row = (signs: number | null, size: number, starts: number): DoseRow => {
      const agreement = signs ?? 0.5;
      const along = size * (2 * agreement - 1);
      const change = 6 * along + 10 * (starts - 1) + t;
      const named = { target, partner, members: [target, partner], dose: { signs, size, starts } };
      return { ...named, change, agreement, along, accuracy: 0.5, correct: "", fsd: 0.4, flipShare: 0.2 };
    };
    const signs = [0.5, 1, 2].flatMap((size) => [null, 0, 0.5, 1].map((share) => row(share, size, 1)));
    return [...signs, row(null, 1, 0), row(null, 1, 0.5)];
  });
}

test("doses: what was planted is found, and the product explains all", () => {
  const rows = doseRows();
  const parts = doseParts(rows);
  assert.ok(Math.abs(parts.product - 100) < 1e-9 && parts.signs < 90 && parts.sizes < 1e-9);
  const [signs, product, starts] = doseEffects(rows, targets).map((effect) =>
    "undecided" in effect ? Number.NaN : effect.effect,
  );
  assert.ok(Math.abs(signs - 12) < 1e-9 && Math.abs(starts - 10) < 1e-9);
  assert.ok(Math.abs(product - (100 - parts.signs)) < 1e-9);
  assert.ok("undecided" in doseEffects(rows, ["a"])[0]);
});

const way = (over: Partial<WayRow>): WayRow => {
  const row = { way: "arithmetic" as const, strength: 1, method: "pfeiffer", target: "a", members: targets, size: 4 };
  return { ...row, accuracy: 0.5, devAccuracy: 0.5, single: 0.8, drop: 30, ...over };
};

test("the strength is chosen on dev over all members, never on test, and of equals the smallest", () => {
  const rows = targets.flatMap((target) => [
    way({ target, strength: 1, devAccuracy: target === "a" ? 0.9 : 0.5, drop: 10 }),
    way({ target, strength: 2, devAccuracy: 0.7, drop: 6 }),
    way({ target, strength: 4, devAccuracy: 0.7, drop: 1 }),
  ]);
  const chosen = chosenOnDev(rows);
  assert.deepEqual(new Set(chosen.map(({ strength }) => strength)), new Set([2]));
  assert.equal(chosen.length, targets.length);
  const [spared] = strengthEffects(rows, targets);
  assert.deepEqual(spared, { effect: 4, low: 4, high: 4 });
});

test("the best way is dev's, among those that make an adapter", () => {
  const rows = targets.flatMap((target) => [
    way({ target, way: "average", devAccuracy: 0.5, drop: 10 }),
    way({ target, way: "regmean", devAccuracy: 0.7, drop: 7 }),
    way({ target, way: "fisher", devAccuracy: 0.6, drop: 1 }),
    way({ target, way: "ensemble", devAccuracy: 0.9, drop: 2 }),
  ]);
  assert.equal(bestWay(rows, "pfeiffer"), "regmean");
  const effects = wayEffects(rows, targets).map((effect) => "effect" in effect && effect.effect);
  assert.deepEqual(effects, [3, 5]);
});

const loss = (criterion: CriterionRow["criterion"], of: (target: string) => number) =>
  targets.map(
    (target): CriterionRow => ({
      ...{ criterion, sparsity: 0.9, target, members: [target], mixed: false, accuracy: 0.5 },
      loss: of(target),
    }),
  );

test("the best other criterion of a target is chosen on the others", () => {
  const rows = [
    ...loss("magnitude", () => 10),
    ...loss("snip", () => 6),
    // best by far on one target, and worse than SNIP on the others: never chosen for that one
    ...loss("wanda", (target) => (target === "a" ? 0 : 7)),
  ];
  assert.match(
    describeCriteria(rows, targets),
    /^At 90% sparsity wanda loses least alone, and none .* are 4\.8 points apart alone/i,
  );
  const [effect] = criteriaEffects(rows, targets);
  // a: SNIP, 10 − 6; the others see wanda's 0 on a: (0 + 7 + 7)/3 < 6, so 10 − 7
  assert.ok("effect" in effect && Math.abs(effect.effect - (4 + 3 * 3) / 4) < 1e-9);
});

test("criteria are drawn over the plain average of the same adapters, none pruned, and over no other", () => {
  const names = Object.keys(comparedCriteria) as CriterionRow["criterion"][];
  const alone = names.flatMap((name) => loss(name, () => 10));
  const rows = alone.flatMap((row) => [row, { ...row, mixed: true, members: targets }]);
  const mixed = targets.flatMap((target, i) => [
    way({ target, way: "average", drop: 2 * i }),
    way({ target, way: "average", drop: 50, members: targets.slice(0, 3) }),
    way({ target, way: "average", drop: 50, method: "lora" }),
    way({ target, drop: 50 }),
  ]);
  const levelsOf = (figure: Figure) => figure.data.filter(({ name }) => name === "averaged, none pruned");
  const [level, ...more] = levelsOf(criteriaFigure(rows, mixed));
  assert.deepEqual([level.y, level.yaxis, more.length], [[3, 3], "y2", 0]);
  assert.equal(levelsOf(criteriaFigure(rows)).length, 0);
});

test("advice on the way and on what to prune says what was shown, and nothing of what was not measured", () => {
  const study = { profile: { name: "tiny" }, encoder: { name: "tiny" }, settings: { source: "classroom" } } as Study;
  const others = targets.flatMap((target) => [
    way({ target, drop: 9 }),
    way({ target, strength: 2, devAccuracy: 0.6, drop: 6 }),
  ]);
  const given = { doses: doseRows(), strengths: others, foretold: foretell(pairsOf("fsd", 1), ["d0", "d1", "d2"]) };
  const findings = { ...given, targets };
  assert.doesNotMatch(adviseMixing(study, findings), /average;|prune/);
  const mixed = targets.flatMap((target) => [
    way({ target, way: "average", drop: 10 }),
    way({ target, way: "ensemble", devAccuracy: 0.9, drop: 2 }),
    way({ target, way: "regmean", devAccuracy: 0.7, drop: 7 }),
  ]);
  const criteria = [...loss("magnitude", () => 10), ...loss("snip", () => 6)];
  const shown = adviseMixing(study, { ...findings, mixed, criteria });
  assert.match(shown, /Mix by RegMean: 3\.0/);
  assert.match(shown, /prune by SNIP: at 90% it spares 4\.0/);
  const worse = [...loss("magnitude", () => 10), ...loss("snip", () => 12)];
  const alike = mixed.map((row) => ({ ...row, drop: 10 }));
  const not = adviseMixing(study, { ...findings, mixed: alike, criteria: worse });
  assert.match(not, /Keep to the average/);
  assert.match(not, /nothing was shown to lose less than magnitude at 90%: -2\.0/);
});

test("what others report stands beside the number that asks the same, and agrees where the whole interval is above nought", () => {
  const strengths = targets.flatMap((target) => [
    way({ target, drop: 9 }),
    way({ target, strength: 2, devAccuracy: 0.6, drop: 6 }),
  ]);
  const given = {
    doses: [],
    strengths,
    foretold: foretell(pairsOf("gradientCosine", -1), ["d0", "d1", "d2"]),
    targets,
  };
  const agrees = (cells: ReturnType<typeof besideOthers>) => cells.map((row) => row["agrees here"]);
  assert.deepEqual(agrees(besideOthers(given)).slice(0, 3), ["yes", "not shown", "yes"]);
  assert.equal(besideOthers(given).length, 3, "no way to mix was measured");
  const mixed = targets.flatMap((target, i) => [
    way({ target, way: "average", drop: 10 }),
    way({ target, way: "entropy", devAccuracy: 0.7, drop: 14 + i }),
    way({ target, way: "ensemble", devAccuracy: 0.9, drop: 2 }),
  ]);
  assert.deepEqual(agrees(besideOthers({ ...given, mixed })).slice(3), ["no", "yes"]);
});

test("where no target counts, nothing is decided and everything can still be said and shown", () => {
  const rows = doseRows();
  assert.ok(doseEffects(rows, []).every((effect) => "undecided" in effect));
  assert.match(describeDoses(rows, []), /not decided \(0 targets count/);
  const mixed = targets.flatMap((target) => [
    way({ target, way: "average" }),
    way({ target, way: "ensemble" }),
    way({ target }),
  ]);
  assert.match(describeStrengths(mixed, []), /undecided/);
  assert.match(describeWays(mixed, []), /undecided/);
  assert.match(
    describeCriteria(
      loss("magnitude", () => 10),
      [],
    ),
    /^At 90% sparsity none loses least .* are – points apart alone/,
  );
  assert.equal(wayTable(mixed, [], { texts: 4 })[0]["lost at 4 (points, 95%)"], "–");
  const found = foretell(pairsOf("fsd", 1), []);
  assert.ok("undecided" in predictorEffects(found)[0]);
  assert.match(describePredictors(found), /undecided/);
  assert.ok(predictorFigure({ here: found }).data.length > 0 && doseFigure(rows).data.length > 0);
});

/** Pairs whose drop is the given predictor, with noise in all others. */
function pairsOf(cause: PredictorName, sign: number): ForetoldPair[] {
  const random = createRandom("pairs");
  const names = Object.keys(predictors) as PredictorName[];
  const domains = Array.from({ length: 8 }, (_, i) => `d${i}`);
  return domains.flatMap((target) =>
    domains.flatMap((partner) => {
      if (partner === target) return [];
      const values = Object.fromEntries(names.map((name) => [name, random.normal()])) as Record<PredictorName, number>;
      return [{ ...values, target, partner, drop: sign * values[cause] + 5 }];
    }),
  );
}

test("a planted predictor is found, in its own direction alone, and its choice has no regret", () => {
  for (const [cause, sign] of [["movesStates", 1] as const, ["cosine", -1] as const]) {
    const pairs = pairsOf(cause, sign);
    const found = foretell(pairs, [...new Set(pairs.map(({ target }) => target))]);
    const best = found.find(({ name }) => name === cause);
    assert.ok(best && best.correlation.effect > 0.999 && best.regret === 0);
    const fsd = found.find(({ name }) => name === "fsd");
    assert.ok(fsd && Math.abs(fsd.correlation.effect) < 0.5 && fsd.regret > 0);
    const [difference] = predictorEffects(found);
    assert.ok("effect" in difference && difference.effect > 0.5);
    assert.equal(decideBeyond(readPredictions("predictors")[0], difference), "holds");
    const together = found.find(({ name }) => name === "all together");
    assert.ok(together && together.correlation.effect > 0.5);
    const turned = foretell(pairsOf(cause, -sign), ["d0", "d1", "d2"]).find(({ name }) => name === cause);
    assert.ok(turned && turned.correlation.effect < -0.999);
  }
});

test("ridge by hand: two columns at right angles are shrunk each by its own length", () => {
  // (2 + 2)·w₁ = 4 and (8 + 2)·w₂ = 10
  const found = ridge(
    [
      [1, -1],
      [2, 2],
    ],
    [4.5, 0.5],
    2,
  );
  assert.ok(Math.abs(found[0] - 1) < 1e-12 && Math.abs(found[1] - 1) < 1e-12);
  assert.throws(() => ridge([[1]], [1], 0), /penalty of a ridge is above 0/);
});

test("every prediction has a rule and an interval that holds it, and a table has a row to each", () => {
  const questions = ["dose", "strength", "ways", "criteria", "predictors", "methods", "tasks"] as const;
  for (const question of questions) {
    const predictions = readPredictions(question);
    assert.ok(predictions.length > 0);
    for (const { expected, low, high } of predictions) assert.ok(low <= expected && expected <= high);
    const found = predictions.map(() => ({ effect: 1, low: 0.5, high: 1.5 }));
    assert.equal(decisionTable(question, found).length, predictions.length);
    const undecided = predictions.map(() => ({ undecided: "no target counts" }));
    assert.equal(decisionTable(question, undecided)[0].verdict, "undecided");
  }
  assert.equal(readPredictions().length, questions.flatMap((question) => readPredictions(question)).length);
});
