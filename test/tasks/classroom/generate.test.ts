import assert from "node:assert/strict";
import { test } from "node:test";
import { entityTags, tagWords } from "#src/tasks/classroom/entities.js";
import { generateTask } from "#src/tasks/classroom/generate.js";
import { entitiesOf } from "#src/tasks/entity-f1.js";
import type { ScoredExample } from "#src/tasks/regression.js";
import type { TaggedExample } from "#src/tasks/tagging.js";

const sizes = { train: 120, dev: 30, test: 60 };

test("words are tagged by what they were written from", () => {
  const text = "On Monday, Ann O'Neil of Acme Steel met Ann O'Neil in Rome.";
  const { words, tags } = tagWords(text, {
    newcomer: "Ann O'Neil",
    firm: "Acme Steel",
    city: "Rome",
    day: "on Monday",
  });
  assert.deepEqual(words.slice(0, 5), ["On", "Monday", ",", "Ann", "O'Neil"]);
  const entities = entitiesOf(tags.map((tag) => entityTags[tag])).map(
    ({ type, from, to }) => `${type} ${words.slice(from, to).join(" ")}`,
  );
  assert.deepEqual(entities, ["PER Ann O'Neil", "ORG Acme Steel", "PER Ann O'Neil", "LOC Rome"]);
});

test("pairs have scores from 0 to 5, the same on every run, and no pair comes twice", () => {
  const domain = generateTask("similarity", sizes);
  assert.deepEqual(domain, generateTask("similarity", sizes));
  assert.notEqual(domain.hash, generateTask("similarity", { ...sizes, seed: "other" }).hash);
  const all = [...domain.train, ...domain.dev, ...domain.test] as ScoredExample[];
  assert.equal(all.length, 210);
  assert.equal(new Set(all.map(({ text, textPair }) => `${text}/${textPair}`)).size, 210);
  const scores = new Set(all.map(({ score }) => score));
  assert.ok(scores.has(0) && scores.has(5) && scores.size > 4);
  assert.ok(all.every(({ score, textPair }) => score >= 0 && score <= 5 && textPair));
  const same = all.filter(({ score }) => score === 5);
  assert.ok(
    same.some(({ text, textPair }) => text !== textPair),
    "the same facts in other words",
  );
  // the test split does not depend on how much of the others is asked for
  assert.deepEqual(generateTask("similarity", { ...sizes, train: 60 }).test, domain.test);
});

test("sentences have entities of all three kinds, and a tag for each word", () => {
  const domain = generateTask("entities", sizes);
  const all = [...domain.train, ...domain.dev, ...domain.test] as TaggedExample[];
  const types = new Set<string>();
  for (const { words, tags } of all) {
    assert.equal(words.length, tags.length);
    for (const { type } of entitiesOf(tags.map((tag) => domain.outputs[tag]))) types.add(type);
  }
  assert.deepEqual([...types].sort(), ["LOC", "ORG", "PER"]);
  assert.throws(() => generateTask("similarty"), /no generated domain "similarty"; the nearest is "similarity"/);
});
