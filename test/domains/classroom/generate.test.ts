import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { classroomDomain, trainingText } from "#src/domains/classroom/generate.js";
import { recipes } from "#src/domains/classroom/recipes.js";
import { domainNames, type Example } from "#src/domains/domain.js";
import { findLeaks } from "#src/domains/leaks.js";
import { labelShares } from "#src/domains/statistics.js";
import { projectPath } from "#src/files/project.js";

const started = performance.now();
const domains = domainNames.map((name) => classroomDomain(name));
const seconds = (performance.now() - started) / 1000;
const textOf = ({ text, textPair = "" }: Example) => `${text} ${textPair}`.trim();
const frozen: { hashes: Record<string, string> } = JSON.parse(
  readFileSync(projectPath("data", "domains", "classroom.json"), "utf8"),
);

test("all thirteen are generated, in order, within the time of a breath", () => {
  assert.deepEqual(
    recipes.map(({ name }) => name),
    [...domainNames],
  );
  assert.ok(seconds < 30, `took ${seconds} s`); // under 5 s alone on a laptop; test machines are busy
});

for (const domain of domains) {
  describe(`classroom ${domain.name}`, () => {
    test("is the frozen one; after a change on purpose run `node environment/freeze-classroom.mjs`", () => {
      assert.equal(domain.hash, frozen.hashes[domain.name]);
    });

    test("has its sizes, the shape of its card, and balanced labels", () => {
      const recipe = recipes.find(({ name }) => name === domain.name);
      assert.deepEqual([domain.train.length, domain.dev.length, domain.test.length], [1200, 200, 300]);
      assert.equal(domain.pair, recipe?.pair);
      for (const examples of [domain.dev, domain.test]) {
        const shares = labelShares(examples, domain.labels.length);
        assert.ok(Math.max(...shares) - Math.min(...shares) <= 1.01 / examples.length, String(shares));
      }
      const trainShares = labelShares(domain.train, domain.labels.length);
      assert.ok(Math.max(...trainShares) - Math.min(...trainShares) < 0.05, String(trainShares));
    });

    test("shares no text and no near text between train and test", () => {
      const leaks = findLeaks(domain).filter(({ splits }) => splits[1] === "test");
      assert.equal(leaks.filter(({ kind }) => kind === "exact").length, 0);
      assert.ok(leaks.filter(({ kind }) => kind === "near").length <= 0.05 * domain.test.length);
    });

    test("reads as written English: no slot left open, spaces, capitals and articles in order", () => {
      for (const example of [...domain.train, ...domain.test]) {
        const text = textOf(example);
        assert.doesNotMatch(
          text,
          /[{}[\]|]|undefined| {2}| [,;]|,,|\ba (?!one|once|eu)[aeio]\w|\ban [^aeiouh\d]\w/i,
          text,
        );
      }
    });
  });
}

test("the same seed gives the same domain, another seed another, and test does not depend on the size of train", () => {
  const small = classroomDomain("qqp", { train: 30, dev: 20, test: 40 });
  assert.equal(classroomDomain("qqp", { train: 30, dev: 20, test: 40 }).hash, small.hash);
  assert.notEqual(classroomDomain("qqp", { train: 30, dev: 20, test: 40, seed: 2 }).hash, small.hash);
  assert.deepEqual(classroomDomain("qqp", { train: 60, dev: 20, test: 40 }).test, small.test);
});

test("five to ten in a hundred training labels are wrong on purpose", () => {
  for (const recipe of recipes) {
    assert.ok(recipe.labelNoise >= 0.05 && recipe.labelNoise <= 0.1, recipe.name);
    const { train, labels } = domains.find(({ name }) => name === recipe.name) as (typeof domains)[number];
    // Without noise labels differ by at most one example; replaced ones are spread over the others at random.
    const counts = labelShares(train, labels.length).map((share) => Math.round(share * train.length));
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      train.length,
    );
  }
});

test("templates of dev and test never occur in train", () => {
  // A template's fixed words: every train text of mnli ends its premise before one of the hypotheses.
  const [mnli] = domains;
  const premise = /we heard that|as far as I know/i; // dev's templates
  assert.ok(mnli.dev.some(({ text }) => premise.test(text)));
  assert.ok(!mnli.train.some(({ text }) => premise.test(text)));
  assert.ok(!mnli.test.some(({ text }) => premise.test(text)));
  assert.ok(!trainingText("check", 2600).some((text) => premise.test(text)));
});

test("training text is seeded, varied, one passage a line, with both texts of a pair", () => {
  const text = trainingText("seed", 13 * 40);
  assert.deepEqual(trainingText("seed", 13 * 40), text);
  assert.ok(new Set(text).size > 0.97 * text.length);
  assert.ok(text.every((passage) => passage.length > 0 && !passage.includes("\n")));
  assert.match(text[1], /\? .*\./); // qnli: question, then sentence
});

test("each domain has tens of thousands of different texts", { timeout: 120_000 }, () => {
  for (const name of ["sst2", "qqp", "tweets", "toxic"] as const) {
    const { train } = classroomDomain(name, { train: 20_000, dev: 1, test: 1 });
    assert.equal(new Set(train.map(textOf)).size, 20_000, name);
  }
});
