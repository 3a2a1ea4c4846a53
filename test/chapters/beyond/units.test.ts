import assert from "node:assert/strict";
import { test } from "node:test";
import {
  controlledSingles,
  measureCriteria,
  measureDoses,
  measurePredictors,
  measureStrengths,
  measureWays,
} from "#src/chapters/beyond/measure.js";
import { testRecipes } from "#src/chapters/mix/mixtures.js";
import { tinyStudy } from "../../study/tiny-study.js";

const few = {
  domains: ["sst2", "financial", "tweets"],
  ...{ poolMethods: ["pfeiffer" as const], doseShares: [0, 1], doseSizes: [1], strengths: [1], waySizes: [3] },
  ...{ mixtureSizes: [3], waySets: 1, fewTexts: 2, criterionSparsities: [0.5], partnerSteps: [2, 3] },
};
const study = await tinyStudy({ set: few, regime: "controlled" });
const singles = await controlledSingles(study);

test("doses: all signs agree or none, and starts and sizes are as set", async () => {
  const rows = await measureDoses(study, singles);
  assert.equal(rows.length, 3 * (3 + 1));
  for (const { dose, agreement, along, fsd } of rows) {
    if (dose.signs === 1) assert.ok(agreement > 0.999 && along > 0);
    if (dose.signs === 0) assert.ok(agreement < 0.001 && along < 0);
    if (dose.starts === 0)
      assert.ok(fsd > 0.4); // chance, over weights of two starts
    else assert.ok(fsd < 0.4);
  }
});

test("ways: the average is that of notebook 02, strength one of the change too, and LoRA has its own", async () => {
  const both = await controlledSingles(study, ["pfeiffer", "lora"]);
  const rows = await measureWays(study, both);
  const of = (method: string) => new Set(rows.filter((row) => row.method === method).map(({ way }) => way));
  assert.deepEqual([...of("lora")].sort(), ["arithmetic", "average", "isotropic", "singular"]);
  assert.equal(of("pfeiffer").size, 9);
  const plain = rows.filter(({ way, method }) => way === "average" && method === "pfeiffer");
  const recipes = plain.map(({ target, members }) => ({
    own: singles.find(({ domain }) => domain === target)!,
    recipe: {
      make: "mixture" as const,
      of: members.map((name) => singles.find(({ domain }) => domain === name)!.adapter),
    },
  }));
  const tested = await testRecipes(study, recipes);
  assert.deepEqual(
    plain.map(({ accuracy }) => accuracy),
    tested.map(({ accuracy }) => accuracy),
  );
  const strengths = await measureStrengths(study, singles);
  const once = strengths.filter(({ strength }) => strength === 1);
  assert.deepEqual(
    once.map(({ accuracy }) => accuracy),
    plain.map(({ accuracy }) => accuracy),
  );
});

test("criteria and predictors: a row to each, all of them numbers", async () => {
  const criteria = await measureCriteria(study, singles);
  assert.equal(criteria.length, 2 * 8 * 3);
  const rows = await measurePredictors(study, singles);
  assert.equal(rows.length, 3 * 2);
  for (const { target, partner, ...numbers } of rows) {
    assert.notEqual(target, partner);
    for (const [name, value] of Object.entries(numbers)) assert.ok(Number.isFinite(value), name);
    assert.ok(numbers.alignment >= 0 && numbers.alignment <= 1.0001);
    assert.ok(numbers.fisherOverlap >= 0 && numbers.fisherOverlap <= 1.0001);
  }
});
