import assert from "node:assert/strict";
import { test } from "node:test";
import { anchoredFsd, pairwiseFsd } from "#src/chapters/conflict/pairwise.js";
import { signAssociation } from "#src/chapters/conflict/sign-association.js";
import { measureFloors, sampleMixtures, subsetOf, sweep, testRecipes } from "#src/chapters/mix/mixtures.js";
import { groupSingles } from "#src/chapters/train/groups.js";
import { measureBaselines, trainSingles } from "#src/chapters/train/singles.js";
import { trainUnions } from "#src/chapters/train/unions.js";
import { tinyStudy } from "../../study/tiny-study.js";

const study = await tinyStudy();
const singles = await trainSingles(study, { methods: ["houlsby", "lora"], seeds: [1, 2] });

test("adapters are grouped by method and seed, each group in the order of the domains", () => {
  const groups = groupSingles(singles);
  assert.deepEqual(
    groups.map(({ method, seed }) => `${method} ${seed}`),
    ["houlsby 1", "houlsby 2", "lora 1", "lora 2"],
  );
  for (const { rows } of groups)
    assert.deepEqual(
      rows.map(({ domain }) => domain),
      study.settings.domains,
    );
});

test("a mixture of one is the single adapter; drop is dilution plus interference", async () => {
  const results = await sweep(study, singles, [[0], [0, 2], [0, 1, 2, 3]]);
  assert.equal(results.length, 4 * (1 + 2 + 4));
  for (const { size, drop, dilution, interference, accuracy, single } of results) {
    if (size === 1) assert.deepEqual([drop, dilution, interference], [0, 0, 0]);
    assert.ok(Math.abs(drop - dilution - interference) < 1e-9);
    assert.ok(Math.abs(drop - 100 * (single - accuracy)) < 1e-9);
  }
  const again = await sweep(study, singles, [[0], [0, 2], [0, 1, 2, 3]], {
    onProgress: ({ done, reused }) => assert.equal(done, reused, "a second call computes nothing"),
  });
  assert.deepEqual(again, results);
});

test("tested again by a recipe, a mixture of one and an adapter diluted by 1 do as the single adapter did", async () => {
  const recipes = singles.slice(0, 4).flatMap((own): Parameters<typeof testRecipes>[1][number][] => [
    { own, recipe: { make: "mixture", of: [own.adapter] } },
    { own, recipe: { make: "diluted", of: own.adapter, by: 1 } },
  ]);
  const rows = await testRecipes(study, recipes);
  rows.forEach(({ accuracy, correct }, i) => {
    assert.equal(accuracy, recipes[i].own.accuracy);
    assert.equal(correct, recipes[i].own.correct);
  });
});

test("floors are the head without adapter and with the untrained one", async () => {
  const floors = await measureFloors(study, singles.slice(0, 4));
  assert.deepEqual(
    floors.map(({ domain }) => domain),
    study.settings.domains,
  );
  for (const { withoutAdapter, start } of floors) assert.ok(withoutAdapter >= 0 && start <= 1);
});

test("FSD is symmetric, zero on the diagonal, about a half between seeds' starts and less within one", () => {
  const [one, two] = groupSingles(singles);
  const matrix = pairwiseFsd(study, one.rows);
  for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) assert.equal(matrix[i][j], matrix[j][i]);
  assert.ok(matrix.every((row, i) => row[i] === 0));
  const across = pairwiseFsd(study, [one.rows[0], two.rows[0]])[0][1];
  assert.ok(matrix[0][1] < 0.3 && Math.abs(across - 0.5) < 0.02);
  assert.equal(anchoredFsd(matrix, [0, 1, 2], 0), (matrix[0][1] + matrix[0][2]) / 2);
  assert.throws(() => anchoredFsd(matrix, [2], 2), /another adapter/);
});

test("the sample has every domain alone and equally often at each size", () => {
  const subsets = sampleMixtures(study);
  assert.deepEqual(subsets.slice(0, 4), [[0], [1], [2], [3]]);
  for (const size of study.settings.mixtureSizes) {
    const chosen = subsets.filter(({ length }) => length === size);
    const counts = [0, 1, 2, 3].map((d) => chosen.filter((subset) => subset.includes(d)).length);
    assert.equal(new Set(counts).size, 1, `size ${size}: ${counts}`);
  }
  assert.deepEqual(subsetOf(study, ["tweets", "sst2"]), [0, 3]);
  assert.throws(() => subsetOf(study, ["news"]), /"news" is not a domain of this study: sst2, ag_news/);
});

test("the association keeps to one method and says how many tests it saw", async () => {
  const results = await sweep(study, singles, sampleMixtures(study));
  const all = signAssociation(study, singles, results, { permutations: 20 });
  const lora = signAssociation(study, singles, results, { permutations: 20, method: "lora" });
  assert.equal(all.method, "all");
  assert.equal(all.rows, 2 * lora.rows);
  assert.equal(lora.rows, results.filter(({ method, size }) => method === "lora" && size > 1).length);
  assert.ok(all.p > 0 && all.p <= 1 && Math.abs(all.within.effect) <= 1);
  assert.throws(() => signAssociation(study, singles, results, { method: "ia3" }), /"ia3"/);
});

test("an adapter for a union answers each domain with that domain's labels", async () => {
  const narrow = { ...study, settings: { ...study.settings, methods: ["houlsby" as const] } };
  const [union] = await trainUnions(narrow, [["sst2", "ag_news"]]);
  assert.deepEqual(union.domains, ["sst2", "ag_news"]);
  assert.equal(union.accuracies.length, 2);
  assert.ok(union.accuracies.every((accuracy) => accuracy >= 0 && accuracy <= 1));
});

test("baselines come once a domain and seed", async () => {
  const rows = await measureBaselines(study, { domains: ["sst2"], seeds: [1, 2] });
  assert.deepEqual(
    rows.map(({ domain, seed }) => `${domain} ${seed}`),
    ["sst2 1", "sst2 2"],
  );
  assert.equal(rows[0].majority, rows[1].majority);
});
