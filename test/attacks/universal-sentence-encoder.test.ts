import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { recipeThreshold } from "#src/attacks/similarity.js";
import {
  openUniversalSentenceEncoder,
  type UniversalSentenceEncoder,
  universalSentenceSimilarity,
} from "#src/attacks/universal-sentence-encoder.js";
import { hasUniversalSentenceEncoder, universalSentenceFolder } from "#src/attacks/universal-sentence-files.js";
import { selectBackend } from "#src/engine/backend.js";
import { cosineOf } from "#src/training/text-embedding.js";

const folder = universalSentenceFolder();
const skip = hasUniversalSentenceEncoder(folder) ? false : "npm run setup:use has not been run";

/** The published graph on TensorFlow.js' own `cpu` backend. */
async function publishedVectors(tokens: readonly number[][]): Promise<number[][]> {
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
  const paths: string[] = weightsManifest.flatMap(({ paths }: { paths: string[] }) => paths);
  const weightData = new Uint8Array(Buffer.concat(paths.map((path) => readFileSync(join(folder, path))))).buffer;
  const weightSpecs = weightsManifest.flatMap(({ weights }: { weights: object[] }) => weights);
  const ours = tf.getBackend();
  await tf.setBackend("cpu");
  const model = await tf.loadGraphModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const indices = tf.tensor2d(
    tokens.flatMap((ids, text) => ids.map((_, position) => [text, position])),
    undefined,
    "int32",
  );
  const values = tf.tensor1d(tokens.flat(), "int32");
  try {
    const output = (await model.executeAsync({ indices, values })) as tf.Tensor2D;
    const vectors = output.arraySync();
    output.dispose();
    return vectors;
  } finally {
    tf.dispose([indices, values]);
    model.dispose();
    await tf.setBackend(ours);
  }
}

describe("the Universal Sentence Encoder", { skip }, () => {
  let encoder: UniversalSentenceEncoder;
  before(async () => {
    await selectBackend(undefined, { quiet: true });
    encoder = openUniversalSentenceEncoder();
  });
  after(() => encoder.dispose());

  test("gives what the published graph gives on the plain backend, whatever else is in the batch", async () => {
    const texts = [
      "a strange old house where people talk about money , and of quiet love and war",
      "No.",
      "An unbelievably naïve “story” — 世界!",
      "one, two; three: four! ".repeat(4),
    ];
    const ours = encoder.embed(texts);
    const published = await publishedVectors(texts.map(encoder.tokens));
    ours.forEach((vector, text) => {
      assert.equal(vector.length, 512);
      vector.forEach((value, i) => {
        assert.ok(Math.abs(value - published[text][i]) < 1e-4, `${texts[text]}, ${i}: ${value}, ${published[text][i]}`);
      });
    });
  });

  test("gives the cosines of the package's example", () => {
    const [phone, bad, cell, old, age] = encoder.embed([
      "I like my phone",
      "My phone is not good.",
      "Your cellphone looks great.",
      "How old are you?",
      "what is your age?",
    ]);
    const near = (a: Float32Array, b: Float32Array, value: number) =>
      assert.ok(Math.abs(cosineOf(a, b) - value) < 0.005, `${cosineOf(a, b)} is not ${value}`);
    near(phone, bad, 0.73);
    near(phone, cell, 0.57);
    near(bad, cell, 0.49);
    near(old, age, 0.85);
    for (const one of [phone, bad, cell]) {
      for (const other of [old, age]) assert.ok(cosineOf(one, other) > 0.125 && cosineOf(one, other) < 0.235);
    }
  });

  test("cuts words as the published tokenizer does, and no text spells a reserved piece", () => {
    assert.deepEqual(encoder.tokens(""), []);
    assert.deepEqual(encoder.tokens("extra_token_id_1 <s> hi").slice(0, 4), [1501, 435, 266, 3032]);
    assert.equal(encoder.tokens("word ".repeat(200)).length, 128);
  });

  test("is the recipe's constraint: the angle, half a radian at most, and leaves no tensor behind", () => {
    const measure = universalSentenceSimilarity();
    assert.equal(measure.threshold, recipeThreshold);
    const one = "the film was a slow and dreary story of a family";
    const [near, far] = measure.similarity(
      [one, one],
      [one.replace("dreary", "tedious"), "stock markets fell by a third"],
    );
    assert.ok(near >= measure.threshold && far < measure.threshold, `${near}, ${far}`);
    const kept = tf.memory().numTensors;
    measure.similarity(["another text"], ["and one more"]);
    assert.equal(tf.memory().numTensors, kept);
    measure.dispose?.();
  });

  test("that is damaged is refused, with the remedy", () => {
    const copy = mkdtempSync(join(tmpdir(), "signmix-use-"));
    after(() => rmSync(copy, { recursive: true, force: true }));
    cpSync(folder, copy, { recursive: true });
    const shard = readFileSync(join(copy, "group1-shard3of7"));
    shard[1000] ^= 1;
    writeFileSync(join(copy, "group1-shard3of7"), shard);
    assert.throws(() => openUniversalSentenceEncoder({ folder: copy }), /weights .*damaged.*setup:use -- --force/s);
    rmSync(join(copy, "group1-shard7of7"));
    assert.throws(() => openUniversalSentenceEncoder({ folder: copy }), /weights .*damaged.*setup:use -- --force/s);
  });
});

test("where it is not set up the remedy is named", () => {
  assert.throws(
    () => openUniversalSentenceEncoder({ folder: join(tmpdir(), "signmix-nothing") }),
    /no Universal Sentence Encoder in ".*signmix-nothing"; bring it with: npm run setup:use/,
  );
});
