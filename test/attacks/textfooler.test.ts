import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { attackCsv, attackJsonLines } from "#src/attacks/export.js";
import { importanceOf } from "#src/attacks/importance.js";
import { encoderSimilarity, type SimilarityEncoder, vectorSimilarity } from "#src/attacks/similarity.js";
import { applySubstitutions } from "#src/attacks/substitutions.js";
import { attackSummary } from "#src/attacks/summary.js";
import type { SynonymSource } from "#src/attacks/synonyms.js";
import { type AttackedExample, createTextFooler, type TextFoolerOptions } from "#src/attacks/textfooler.js";
import type { Example } from "#src/domains/domain.js";
import { evaluate } from "#src/training/evaluate.js";
import { freshVictim, tinyVictim } from "./tiny-victim.js";

const victim = await tinyVictim();
const pairVictim = await tinyVictim(true);
const { encoder } = victim;
after(() => {
  encoder.dispose();
  pairVictim.encoder.dispose();
});

/** Synonyms of a hand-made table: of opposite meaning, so that they change the prediction, or of none. */
const table = (words: Record<string, string[]>): SynonymSource => ({
  name: "table",
  candidates: (word) => words[word] ?? [],
});
const opposites = table({ good: ["bad"], great: ["awful"], bad: ["good", "great"] });
const things = table({ film: ["movie"], plot: ["story"] });
const anything: SimilarityEncoder = { name: "all alike", threshold: 0, similarity: (a) => a.map(() => 1) };

function attack(example: Example, options: TextFoolerOptions = {}, of = victim): AttackedExample {
  const plan = { adapter: of.adapter.config, head: of.head.config };
  const settings = { synonyms: opposites, similarity: anything, maxLength: 16, batchSize: 8, ...options };
  const fooler = createTextFooler(of.encoder, plan, settings);
  try {
    return fooler.attack(of, example, 4);
  } finally {
    fooler.dispose();
  }
}

describe("an attack", () => {
  test("succeeds by the word that matters, and says what it did", () => {
    const example = { text: "The film  is GOOD.", label: 1 };
    const result = attack(example);
    assert.equal(result.verdict, "succeeded");
    assert.equal(result.attacked.text, "The film  is BAD.");
    assert.deepEqual(result.substitutions, [{ part: 0, word: 3, from: "GOOD", to: "BAD" }]);
    assert.deepEqual(applySubstitutions(example, result.substitutions), result.attacked);
    assert.deepEqual([result.index, result.label, result.words], [4, 1, 4]);
    assert.deepEqual([result.originalPrediction, result.attackedPrediction], [1, 0]);
    assert.equal(result.queries, 3, "the text, the text without the only word with a candidate, the candidate");
    assert.deepEqual(result.candidates, { words: 2, mean: 1 / 2, largest: 1 });
    assert.deepEqual(result.refused, { partOfSpeech: 0, similarity: 0, considered: 1 });
  });

  test("asks the victim what an evaluation asks it", () => {
    const result = attack({ text: "The film is good.", label: 1 });
    const { logits, predictions } = evaluate(encoder, victim, [result.original, result.attacked], { maxLength: 16 });
    assert.deepEqual(predictions, [result.originalPrediction, result.attackedPrediction]);
    for (const [i, score] of [result.originalScore, result.attackedScore].entries()) {
      const [no, yes] = logits.data.subarray(2 * i, 2 * i + 2);
      assert.ok(Math.abs(score - 1 / (1 + Math.exp(no - yes))) < 1e-5);
    }
  });

  test("fails where nothing changes the prediction, and keeps the worst text for the victim", () => {
    const result = attack({ text: "The film is lovely.", label: 1 }, { synonyms: things });
    assert.equal(result.verdict, "failed");
    assert.ok(result.attackedScore <= result.originalScore && result.attackedPrediction === 1);
    assert.ok(result.substitutions.every(({ from }) => from === "film"));
    const none = attack({ text: "The film is good.", label: 1 }, { synonyms: table({}) });
    assert.equal(none.attacked.text, "The film is good.");
    assert.deepEqual([none.verdict, none.queries, none.similarity], ["failed", 1, 1]);
    assert.deepEqual(none.candidates, { words: 2, mean: 0, largest: 0 });
  });

  test("is skipped where the example is misclassified already", () => {
    const result = attack({ text: "The film is good.", label: 0 });
    assert.deepEqual([result.verdict, result.queries, result.substitutions.length], ["skipped", 1, 0]);
    assert.deepEqual(result.attacked, result.original);
  });

  test("leaves the first text of a pair alone", () => {
    const example = { text: "A good film.", textPair: "The film is good.", label: 1 };
    const result = attack(example, {}, pairVictim);
    assert.equal(result.verdict, "succeeded");
    assert.deepEqual(result.attacked, { text: "A good film.", textPair: "The film is bad.", label: 1 });
    assert.equal(result.words, 4);
  });

  test("takes the most similar of the candidates that change the prediction", () => {
    const synonyms = table({ good: ["awful", "bad", "tedious"] });
    for (const nearest of ["awful", "bad", "tedious"]) {
      const embed = (texts: readonly string[]) =>
        texts.map((text) => [1, /good/.test(text) || text.includes(nearest) ? 0 : 1]);
      const similarity = vectorSimilarity({ name: "stub", threshold: 0, embed });
      const result = attack({ text: "The film is good.", label: 1 }, { synonyms, similarity });
      assert.equal(result.attacked.text, `The film is ${nearest}.`);
    }
  });

  test("changes no word twice, no stop words, and no names", () => {
    const synonyms = table({
      the: ["dog"],
      very: ["slow"],
      may: ["dog"],
      blue: ["slow"],
      film: ["plot", "movie"],
      plot: ["dog"],
    });
    const result = attack({ text: "The film of May, Blue, is very lovely.", label: 1 }, { synonyms });
    assert.deepEqual(new Set(result.substitutions.map(({ word }) => word)).size, result.substitutions.length);
    assert.ok(result.substitutions.every(({ from }) => from === "film"));
    assert.equal(result.candidates.words, 2);
  });

  test("takes no more candidates than it may", () => {
    const synonyms = table({ lovely: ["great", "pleasant", "good"] });
    const example = { text: "The film is lovely.", label: 1 };
    assert.equal(attack(example, { synonyms }).candidates.largest, 3);
    assert.equal(attack(example, { synonyms, maxCandidates: 2 }).candidates.largest, 2);
  });

  test("asks no more than its budget", () => {
    const example = { text: "The film is good.", label: 1 };
    assert.equal(attack(example).queries, 3);
    const short = attack(example, { maxQueries: 2 });
    assert.deepEqual([short.verdict, short.queries], ["failed", 2]);
    assert.equal(attack(example, { maxQueries: 1 }).queries, 1);
  });

  test("by the unknown token ranks by other texts", () => {
    const result = attack({ text: "The film is good.", label: 1 }, { importance: "oov" });
    assert.equal(result.attacked.text, "The film is bad.");
  });

  test("gives the same twice, and leaves no tensors", () => {
    const example = { text: "The film is good and the plot is great.", label: 1 };
    const similarity = encoderSimilarity(encoder, { threshold: 0.2, maxLength: 16 });
    const first = attack(example, { similarity });
    const before = tf.memory().numTensors;
    assert.deepEqual(attack(example, { similarity }), first);
    assert.equal(tf.memory().numTensors, before);
    similarity.dispose?.();
  });
});

describe("constraints", () => {
  const synonyms = table({ good: ["bad"], plot: ["story"] });
  const long = `The film is good${" and the plot is slow".repeat(3)}.`;

  test("a window that is too unlike refuses a candidate, except in short texts", () => {
    const options = { synonyms, similarityThreshold: 1.1, maxLength: 40 };
    const refused = attack({ text: long, label: 1 }, options);
    assert.equal(refused.verdict, "failed");
    assert.deepEqual(refused.refused, { partOfSpeech: 0, similarity: 4, considered: 4 });
    assert.equal(attack({ text: "The film is good.", label: 1 }, options).verdict, "succeeded");
    assert.equal(attack({ text: "The film is good.", label: 1 }, { ...options, window: 3 }).verdict, "failed");
  });

  test("compare the window before and after the exchange, by the encoder's own threshold", () => {
    const seen: [string, string][] = [];
    const similarity: SimilarityEncoder = {
      ...{ name: "spy", threshold: 2 },
      similarity(a, b) {
        seen.push(...a.map((text, i): [string, string] => [text, b[i]]));
        return a.map(() => 1.5);
      },
    };
    const result = attack({ text: long, label: 1 }, { synonyms, similarity, window: 5, maxLength: 40 });
    assert.equal(result.refused.similarity, 4);
    assert.ok(seen.some(([a, b]) => a === "film is good and the" && b === "film is bad and the"));
  });

  test("another part of speech refuses a candidate", () => {
    const result = attack({ text: "The film is good.", label: 1 }, { synonyms: table({ good: ["the", "bad"] }) });
    assert.deepEqual(result.refused, { partOfSpeech: 1, similarity: 0, considered: 2 });
    assert.equal(result.attacked.text, "The film is bad.");
  });
});

test("importance is the drop; with the unknown token also what the new class gains", () => {
  const [whole, still, flipped] = [
    [0.7, 0.2, 0.1],
    [0.5, 0.4, 0.1],
    [0.3, 0.1, 0.6],
  ];
  const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}`);
  near(importanceOf(whole, still, 0, "delete"), 0.2);
  near(importanceOf(whole, still, 0, "oov"), 0.2);
  near(importanceOf(whole, flipped, 0, "delete"), 0.4);
  near(importanceOf(whole, flipped, 0, "oov"), 0.4 + 0.5);
});

describe("unusual texts", () => {
  const labelOf = (example: Example) => evaluate(encoder, victim, [example], { maxLength: 16 }).predictions[0];
  const right = (text: string): Example => ({ text, label: labelOf({ text, label: 0 }) });

  test("without anything to exchange fail after one question", () => {
    for (const text of [
      "",
      "   ",
      "?!",
      "The very, of it",
      "🙂👍🏽",
      "世界 привет",
      "12 3rd @good #good www.good.com",
    ]) {
      const result = attack(right(text));
      assert.deepEqual([result.verdict, result.queries, result.attacked.text], ["failed", 1, text]);
      assert.equal(result.similarity, 1);
    }
  });

  test("of one word can be attacked", () => {
    const result = attack(right("Bad"), { synonyms: table({ bad: ["tedious"] }) });
    assert.equal(result.words, 1);
    assert.equal(result.queries, 3, "itself, nothing, and its synonym");
  });

  test("with emoji and other scripts keep them", () => {
    const result = attack({ text: "🙂 世界: the film is good 👍🏽 «привет»", label: 1 }, { maxLength: 32 });
    assert.equal(result.attacked.text, "🙂 世界: the film is bad 👍🏽 «привет»");
  });

  test("longer than the model are attacked only where it reads", () => {
    const example = { text: `The film is good. ${"The plot is slow. ".repeat(20)}`, label: 1 };
    const result = attack(example, { maxLength: 8 });
    assert.equal(result.words, 84);
    assert.equal(result.verdict, "succeeded");
    assert.ok(result.queries <= 6, `${result.queries}`);
    const late = attack(
      { ...example, text: `${"The ".repeat(20)} good film`, label: labelOf(right("The the the")) },
      { maxLength: 8 },
    );
    if (late.verdict !== "skipped") assert.deepEqual([late.queries, late.substitutions.length], [1, 0]);
  });

  test("cost no more for what the model does not read: the rest is kept, and nobody is asked about its words", () => {
    const asked = new Set<string>();
    const synonyms: SynonymSource = {
      name: "counting",
      candidates(word, place) {
        asked.add(`${place?.before?.length} ${word}`);
        return opposites.candidates(word);
      },
    };
    const begin = "The film is good, the plot is great; the music was good and the story lovely. ";
    const short = { text: begin + "The dog is old. ".repeat(10), label: 1 };
    const long = { text: short.text + "The film's dog isn't bad! ".repeat(2000), label: 1 };
    const first = attack(short, { synonyms, window: 7 });
    const askedOfShort = asked.size;
    const second = attack(long, { synonyms, window: 7 });
    assert.equal(asked.size, askedOfShort);
    assert.ok(askedOfShort <= 16 + 7, `${askedOfShort} words`);
    assert.deepEqual(
      [second.verdict, second.queries, second.substitutions, second.attackedScore],
      [first.verdict, first.queries, first.substitutions, first.attackedScore],
    );
    assert.equal(second.words, first.words + 2000 * 5);
    assert.equal(second.attacked.text, first.attacked.text + long.text.slice(short.text.length));
    assert.deepEqual(applySubstitutions(long, second.substitutions), second.attacked);
  });
});

describe("wrong use is refused", () => {
  test("a label out of range, by the example's number", () => {
    assert.throws(() => attack({ text: "good", label: 2 }), /Example 5 has label 2, but the head "tiny" has 2 classes/);
  });

  test("a similarity that nothing says", () => {
    assert.throws(() => attack({ text: "good", label: 1 }, { similarity: undefined }), /give `similarity`/);
    const own = { similarity: undefined, similarityThreshold: 0.5 };
    assert.equal(attack({ text: "The film is good.", label: 1 }, own).verdict, "succeeded");
    const embed = () => [];
    assert.throws(() => vectorSimilarity({ name: "x", threshold: Number.NaN, embed }), /encoder "x" is NaN/);
  });

  test("settings out of range, an unknown importance, a victim of another kind", () => {
    const example = { text: "good", label: 1 };
    assert.throws(() => attack(example, { window: 0 }), /window is 0; give a whole number above 0/);
    assert.throws(() => attack(example, { maxQueries: 1.5 }), /maxQueries is 1.5/);
    assert.throws(() => attack(example, { importance: "unk" as "oov" }), /importance is "unk"; give "delete" or "oov"/);
    const fooler = createTextFooler(encoder, { head: victim.head.config }, { similarity: anything });
    assert.throws(() => fooler.attack(victim, example, 0), /adapter "tiny" is of another configuration/);
    fooler.dispose();
  });
});

describe("results", () => {
  const texts = ["The film is good.", "The film is lovely.", `"The film is great"`];
  const results = [
    ...texts.map((text) => attack({ text, label: 1 })),
    attack({ text: "A good film.\nReally.", label: 0 }),
  ];

  test("are summed up as the field reports them", () => {
    const summary = attackSummary(results);
    assert.deepEqual([summary.examples, summary.skipped, summary.failed, summary.succeeded], [4, 1, 1, 2]);
    assert.deepEqual([summary.cleanAccuracy, summary.accuracyUnderAttack, summary.successRate], [3 / 4, 1 / 4, 2 / 3]);
    assert.equal(summary.wordsChanged, 1 / 4);
    assert.equal(summary.queries, (results[0].queries + results[1].queries + results[2].queries) / 3);
    assert.deepEqual([summary.largestCandidates, summary.meanCandidates], [1, 2 / 6]);
    assert.deepEqual([summary.refusedByPartOfSpeech, summary.refusedBySimilarity], [0, 0]);
    assert.throws(() => attackSummary([]), /at least one/);
  });

  test("are written in TextAttack's columns, changed words marked", () => {
    const lines = attackJsonLines(results)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(Object.keys(lines[0]), [
      ...["original_text", "perturbed_text", "original_score", "perturbed_score", "original_output"],
      ...["perturbed_output", "ground_truth_output", "num_queries", "result_type"],
    ]);
    assert.equal(lines[0].perturbed_text, "The film is [[bad]].");
    assert.equal(lines[0].original_score, 1 - results[0].originalScore);
    assert.deepEqual(
      lines.map(({ result_type }) => result_type),
      ["Successful", "Failed", "Successful", "Skipped"],
    );
    const rows = attackCsv(results).split("\n");
    assert.equal(rows.length, 6);
    assert.equal(rows[0].split(",")[8], `"result_type"`);
    assert.ok(rows[3].startsWith(`"""The film is [[great]]""","""The film is [[awful]]""",`));
    assert.ok(rows[4].startsWith(`"A good film.<SPLIT>Really.",`));
  });

  test("of pairs name the texts", () => {
    const result = attack({ text: "A film.", textPair: "The film is good.", label: 1 }, {}, pairVictim);
    const { perturbed_text: text } = JSON.parse(attackJsonLines([result]));
    assert.equal(text, "Text: A film.<SPLIT>Text_pair: The film is [[bad]].");
  });
});

test("other adapters of the kind are attacked through the same attack", () => {
  const plan = { adapter: victim.adapter.config, head: victim.head.config };
  const fooler = createTextFooler(encoder, plan, { synonyms: opposites, similarity: anything, maxLength: 16 });
  const other = freshVictim(encoder, victim.adapter);
  const example = { text: "The film is good.", label: 1 };
  const before = fooler.attack(victim, example, 0);
  const scores = fooler.attack(other, example, 0).originalScore;
  assert.ok(Math.abs(scores - before.originalScore) > 1e-3);
  assert.deepEqual(fooler.attack(victim, example, 0), before);
  fooler.dispose();
});
