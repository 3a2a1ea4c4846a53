import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { openSimilarity } from "#src/attacks/open-similarity.js";
import {
  angularSimilarity,
  calibrateSimilarity,
  encoderSimilarity,
  recipeThreshold,
  sentenceSimilarity,
  vectorSimilarity,
} from "#src/attacks/similarity.js";
import { selectBackend } from "#src/engine/backend.js";
import { cosineOf, textEmbedding } from "#src/training/text-embedding.js";
import { tinyEncoder } from "./tiny-victim.js";

const encoder = tinyEncoder();
before(async () => {
  await selectBackend(undefined, { quiet: true });
});
after(() => encoder.dispose());

const options = { maxLength: 16, batchSize: 8 };
const texts = ["the film is good", "a bad plot", "the dog", "good", "this story is tedious and slow"];

describe("the encoder as similarity encoder", () => {
  test("compares the mean hidden states of texts, whatever the batch", () => {
    const measure = encoderSimilarity(encoder, { threshold: 0.5, ...options });
    const reversed = [...texts].reverse();
    const embed = (text: string) => textEmbedding(encoder, [{ text, label: 0 }], options);
    const found = measure.similarity(texts, reversed);
    found.forEach((similarity, i) => {
      assert.ok(Math.abs(similarity - cosineOf(embed(texts[i]), embed(reversed[i]))) < 1e-5);
    });
    assert.equal(found[2], 1, "a text and itself");
    const kept = tf.memory().numTensors;
    measure.similarity(texts, reversed);
    assert.equal(tf.memory().numTensors, kept);
    assert.deepEqual(measure.similarity([], []), []);
    assert.throws(() => measure.similarity(texts, []), /5 texts are compared with 0/);
    measure.dispose?.();
  });

  test("is calibrated on paraphrases to their 5th percentile", () => {
    const pairs = Array.from({ length: 40 }, (_, i): [string, string] => [
      texts[i % 5],
      `${texts[(i * 3 + 1) % 5]} ${"very ".repeat(i % 7)}`,
    ]);
    const threshold = calibrateSimilarity(encoder, pairs, options);
    const measure = encoderSimilarity(encoder, { threshold, ...options });
    const similarities = measure.similarity(
      pairs.map(([a]) => a),
      pairs.map(([, b]) => b),
    );
    const below = similarities.filter((similarity) => similarity < measure.threshold).length;
    assert.ok(below <= 2, `${below} of 40 lie below`);
    assert.ok(threshold < Math.max(...similarities));
    assert.throws(() => calibrateSimilarity(encoder, pairs.slice(0, 19)), /19 paraphrases are too few/);
    measure.dispose?.();
  });
});

test("a sentence encoder's own similarity is the angle between the same means", () => {
  const own = sentenceSimilarity(encoder, options);
  const mean = encoderSimilarity(encoder, { threshold: 0, ...options });
  const [a, b] = [texts.slice(0, 2), texts.slice(2, 4)];
  const cosines = mean.similarity(a, b);
  own.similarity(a, b).forEach((angle, i) => {
    assert.ok(Math.abs(Math.cos((1 - angle) * Math.PI) - cosines[i]) < 1e-6);
  });
  assert.equal(own.threshold, recipeThreshold);
  assert.match(own.name, /own sentence embedding/);
  for (const kind of ["sentence", "calibrated"] as const) {
    const opened = openSimilarity(kind, encoder, { threshold: 0.5, ...options });
    const twin = kind === "sentence" ? own : mean;
    assert.deepEqual([opened.name, opened.similarity(a, b)], [twin.name, twin.similarity(a, b)]);
    opened.dispose?.();
  }
  for (const measure of [own, mean]) measure.dispose?.();
});

test("any function of sentences can be the encoder, by the angle as the recipe measures it", () => {
  const vectors: Record<string, number[]> = { a: [1, 0], b: [Math.cos(0.5), Math.sin(0.5)], c: [0, 2] };
  const embed = (sentences: readonly string[]) => sentences.map((sentence) => vectors[sentence]);
  const similarity = angularSimilarity;
  const measure = vectorSimilarity({ name: "USE", threshold: recipeThreshold, embed, similarity });
  const [half, right] = measure.similarity(["a", "a"], ["b", "c"]);
  assert.ok(Math.abs(half - recipeThreshold) < 1e-9, "half a radian apart");
  assert.ok(Math.abs(right - 0.5) < 1e-12);
  assert.ok(Math.abs(recipeThreshold - 0.840845057) < 1e-9, "the number of the recipe");
});

test("a text is embedded once, however often it is compared", () => {
  const asked: string[] = [];
  const embed = (sentences: readonly string[]) => {
    asked.push(...sentences);
    return sentences.map((sentence) => [sentence.length, 1]);
  };
  const measure = vectorSimilarity({ name: "length", threshold: 0.5, embed });
  const first = measure.similarity(["a", "a", "same"], ["bb", "ccc", "same"]);
  assert.deepEqual(asked, ["a", "bb", "ccc"], "what is compared with itself is not asked about");
  assert.deepEqual(measure.similarity(["ccc", "a", "same"], ["a", "bb", "same"]), [first[1], first[0], 1]);
  assert.equal(asked.length, 3);
});
