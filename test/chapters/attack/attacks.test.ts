import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fgsm } from "#src/attacks/fgsm.js";
import { recipeThreshold } from "#src/attacks/similarity.js";
import { wordsOf } from "#src/attacks/words.js";
import { attackedExamples, attackSingles, selfVictims, summaryOf } from "#src/chapters/attack/attack-sets.js";
import {
  attackSimilarity,
  calibratedSimilarity,
  type SimilarityThreshold,
} from "#src/chapters/attack/attack-similarity.js";
import { attackText } from "#src/chapters/attack/attack-text.js";
import { attackedMixtures, attackTests, singleRecipe, trainAttackers } from "#src/chapters/attack/attacked-mixtures.js";
import { attackedUnit } from "#src/chapters/attack/attacked-unit.js";
import { fgsmMixtures } from "#src/chapters/attack/fgsm-mixtures.js";
import { fgsmUnit } from "#src/chapters/attack/fgsm-unit.js";
import { adaptiveSample, compareAdaptive, textFoolerMixtures } from "#src/chapters/attack/textfooler-mixtures.js";
import { textFoolerUnits } from "#src/chapters/attack/textfooler-unit.js";
import { signAssociation } from "#src/chapters/conflict/sign-association.js";
import { meanHarm } from "#src/chapters/mix/claims.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { unitKey } from "#src/results/unit.js";
import { runUnitOf } from "#src/study/kinds.js";
import { trainedAdapter } from "#src/study/trained-adapter.js";
import { evaluate } from "#src/training/evaluate.js";
import { tinyStudy } from "../../study/tiny-study.js";

const set = { devRows: 40, attackRows: 6, epsilons: [0.1, 1], attackDomains: ["sst2", "financial"], adaptiveTests: 2 };
const study = await tinyStudy({ set });
const singles = await trainSingles(study, { methods: ["houlsby"] });
const attackers = await trainAttackers(study);
const sets = await attackSingles(study, attackers);
const tests = attackTests(study, singles, attackers, attackedMixtures(study));
const words = await textFoolerMixtures(study, tests, sets);

test("what an attack depends on is in its units' keys, and nothing else is", async () => {
  const domain = await study.domain("sst2");
  const similarity = { kind: "calibrated" as const, threshold: 0.9 };
  const [first] = await textFoolerUnits(study, domain, singleRecipe(attackers[0]), similarity);
  const keyOf = async (changes: object, held: SimilarityThreshold = similarity, victim = attackers[0]) => {
    const other = { ...study, settings: { ...study.settings, ...changes } };
    return unitKey((await textFoolerUnits(other, domain, singleRecipe(victim), held))[0]);
  };
  assert.equal(
    await keyOf({ attackRows: 3, adaptiveTests: 9, epsilons: [] }),
    unitKey(first),
    "more rows keep the old ones",
  );
  assert.equal(await keyOf({ synonymCosine: 0.8 }), unitKey(first), "WordNet has no cosines");
  assert.notEqual(await keyOf({}, { ...similarity, threshold: 0.8 }), unitKey(first));
  assert.notEqual(await keyOf({}, { ...similarity, kind: "use" }), unitKey(first));
  const vectors = join(study.store.folder, "vectors.txt");
  writeFileSync(vectors, "film 1 0\nmovie 1 0.1\n");
  const ofVectors = await keyOf({ synonyms: vectors });
  assert.notEqual(ofVectors, unitKey(first));
  assert.notEqual(await keyOf({ synonyms: vectors, synonymCosine: 0.8 }), ofVectors);
  assert.notEqual(await keyOf({ maxLength: 8 }), unitKey(first));
  assert.notEqual(await keyOf({}, similarity, singles[0]), unitKey(first));
  const victim = singleRecipe(singles[0]);
  const white = unitKey(await fgsmUnit.unit(study, { domain: "sst2", victim }));
  const transferred = await fgsmUnit.unit(study, { domain: "sst2", victim, source: singleRecipe(attackers[0]) });
  assert.notEqual(unitKey(transferred), white);
  const absolute = { ...study, settings: { ...study.settings, epsilonUnit: "absolute" as const } };
  assert.notEqual(unitKey(await fgsmUnit.unit(absolute, { domain: "sst2", victim })), white);
  const texts = { victim, similarity, hash: "a" };
  const on = (hash: string) => attackedUnit.unit(study, { domain: "sst2", tested: victim, texts: { ...texts, hash } });
  assert.notEqual(unitKey(await on("b")), unitKey(await on("a")));
});

test("attackers are of a seed that is mixed into nothing, on the attacked domains", () => {
  assert.deepEqual(
    attackers.map(({ domain, seed }) => [domain, seed]),
    [
      ["sst2", 101],
      ["financial", 101],
    ],
  );
  assert.ok(tests.every(({ members }) => members.every(({ seed }) => seed === 1)));
  assert.ok(tests.every(({ own, attacker }) => attacker.domain === own.domain && attacker.seed === 101));
  const wrong = { ...study, settings: { ...study.settings, attackSeed: 1 } };
  assert.throws(() => trainAttackers(wrong), /seed 1 are mixed/);
  assert.throws(() => attackTests(study, singles, [], attackedMixtures(study)), /no adapter to attack sst2/);
});

test("an interrupted attack goes on at the example where it was", async () => {
  const fresh = await tinyStudy({ set });
  await trainSingles(fresh, { domains: ["sst2"], methods: ["houlsby"], seeds: [101] });
  const stop = new AbortController();
  const onProgress = ({ done }: { done: number }) => done === 2 && stop.abort(new Error("stopped"));
  await assert.rejects(attackSingles(fresh, attackers.slice(0, 1), { onProgress, signal: stop.signal }), /stopped/);
  const counts: number[] = [];
  const [again] = await attackSingles(fresh, attackers.slice(0, 1), {
    onProgress: ({ reused }) => counts.push(reused),
  });
  assert.equal(counts[0], 2, "two examples had been stored");
  assert.deepEqual(again, sets[0]);
});

test("attacked texts come back from their rows, and the rows hold no word of them", async () => {
  const units = await textFoolerUnits(
    study,
    await study.domain("sst2"),
    singleRecipe(attackers[0]),
    sets[0].texts.similarity,
  );
  const examples = await attackedExamples(study, sets[0]);
  for (const [i, example] of examples.entries()) {
    const { row } = await runUnitOf(units[i], study);
    assert.deepEqual(row, sets[0].rows[i]);
    const evaluation = evaluate(study.encoder, trainedAdapter(study, attackers[0].adapter), [example.attacked], {
      maxLength: study.settings.maxLength,
    });
    assert.equal(evaluation.predictions[0], example.attackedPrediction, "the text read again gives the same answer");
    const changed = wordsOf(example.attacked.text).filter(
      ({ text }, w) => text !== wordsOf(example.original.text)[w].text,
    );
    assert.equal(changed.length, example.substitutions.length);
  }
  assert.ok(examples.some(({ substitutions }) => substitutions.length > 0));
  const stored = readFileSync(join(study.store.folder, "textfooler.jsonl"), "utf8");
  for (const { substitutions, original } of examples) {
    for (const { from, to } of substitutions) assert.ok(!stored.includes(`"${from}"`) && !stored.includes(`"${to}"`));
    assert.ok(!stored.includes(original.text));
  }
});

test("a set sums up as its rows say; the threshold comes from paraphrases", async () => {
  const summary = summaryOf(sets.slice(0, 1));
  assert.equal(summary.examples, 6);
  assert.equal(summary.skipped + summary.failed + summary.succeeded, 6);
  const { pairs, threshold } = await calibratedSimilarity(study);
  assert.equal(pairs, 40);
  assert.ok(threshold > 0.5 && threshold <= 1);
  const other = { ...study, settings: { ...study.settings, paraphraseDomains: ["sst2"] } };
  await assert.rejects(calibratedSimilarity(other), /"sst2" is no domain of paraphrases/);
  const own = await attackSimilarity(study);
  assert.deepEqual([own.kind, own.threshold], ["calibrated", threshold]);
  assert.match(own.from, /5th percentile over 40 paraphrases, dev examples of /);
  const held = async (changes: object) =>
    attackSimilarity({ ...other, settings: { ...other.settings, ...changes } } as typeof study);
  const recipe = { threshold: recipeThreshold, from: "that of the published recipe" };
  assert.deepEqual(await held({ similarity: "use" }), { kind: "use", ...recipe });
  assert.deepEqual(await held({ paraphraseDomains: [] }), { kind: "calibrated", ...recipe });
  assert.equal((await held({ similarity: "sentence", similarityThreshold: 0.84 })).threshold, 0.84);
  assert.equal((await held({ similarityThreshold: 0.7 })).threshold, 0.7);
  await assert.rejects(held({ similarity: "bleu" }), /"bleu" is no similarity; give "use", "sentence", "calibrated"/);
});

test("mixtures on attacked text are results that claims and associations take", () => {
  for (const row of words) {
    if (row.size === 1) assert.deepEqual([row.drop, row.interference, row.accuracy], [0, 0, row.diluted]);
    assert.ok(["sst2", "financial"].includes(row.target));
    const own = words.find(({ target, size }) => target === row.target && size === 1);
    assert.equal(row.single, own?.accuracy);
    assert.equal(row.cleanSingle, own?.clean);
    assert.ok(Math.abs(row.drop - 100 * (row.single - row.accuracy)) < 1e-9);
  }
  const { effect, low, high } = meanHarm(words);
  assert.ok(low <= effect && effect <= high);
  const found = signAssociation(study, singles, words, { permutations: 10 });
  assert.equal(found.rows, words.filter(({ size }) => size > 1).length);
});

test("texts that are not stored are not made up", async () => {
  const input = { domain: "sst2", tested: singleRecipe(singles[0]), texts: { ...sets[0].texts, hash: "0" } };
  const unit = await attackedUnit.unit(study, input);
  await assert.rejects(runUnitOf(unit, study), /attacked texts of "sst2" are not in the store/);
});

test("the sample of attacked mixtures lets sizes take turns, with the single adapters of its targets", async () => {
  const sample = adaptiveSample(study, tests);
  const mixed = sample.filter(({ members }) => members.length > 1);
  assert.deepEqual(
    mixed.map(({ members }) => members.length),
    [2, 3],
  );
  assert.equal(new Set(mixed.map(({ own }) => own.domain)).size, 2, "both targets have a turn");
  const results = await compareAdaptive(study, sample, sets);
  assert.equal(results.length, 4);
  const [own] = await attackSingles(study, selfVictims(study, singles).slice(0, 1));
  const alone = results.find(({ size, target }) => size === 1 && target === own.domain);
  assert.equal(alone?.adaptive, summaryOf([own]).accuracyUnderAttack);
  assert.equal(alone?.clean, summaryOf([own]).cleanAccuracy);
});

test("FGSM units attack as fgsm does, and strength 0 is clean text", async () => {
  const alone = tests.filter(({ members }) => members.length === 1);
  const rows = await fgsmMixtures(study, alone);
  assert.equal(rows.length, 2 * 2 * 3);
  const { test: examples } = await study.domain("sst2");
  const trained = (hash: string) => trainedAdapter(study, hash);
  for (const source of [undefined, trained(attackers[0].adapter)]) {
    const direct = fgsm(study.encoder, trained(singles[0].adapter), examples.slice(0, 6), {
      ...{ source, epsilon: [0, 0.1, 1], batchSize: 6, maxLength: study.settings.maxLength },
    });
    const access = source ? "transferred" : "whiteBox";
    const stored = rows.filter((row) => row.target === "sst2" && row.access === access);
    assert.deepEqual(
      stored.map(({ epsilon, accuracy }) => [epsilon, accuracy]),
      direct.map(({ epsilon, accuracy }) => [epsilon, accuracy]),
    );
    assert.equal(stored[0].accuracy, words.find(({ target, size }) => target === "sst2" && size === 1)?.clean);
  }
});

test("a text of one's own is attacked from what the adapter says of it, and nothing is stored", async () => {
  const before = study.store.all("textfooler").length;
  const attacked = await attackText(study, singles[0], "A warm and funny film with a brilliant cast.");
  assert.equal(attacked.label, attacked.originalPrediction);
  assert.notEqual(attacked.verdict, "skipped");
  assert.equal(study.store.all("textfooler").length, before);
});
