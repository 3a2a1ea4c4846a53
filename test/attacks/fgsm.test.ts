import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { classifierTensors } from "#src/adapters/classify.js";
import { createFgsm, embeddingScale, type FgsmOptions, fgsm } from "#src/attacks/fgsm.js";
import { createFgsmStep } from "#src/attacks/fgsm-step.js";
import { float32, int32 } from "#src/engine/tensor-data.js";
import { tokenBatch } from "#src/text/batching.js";
import { evaluate } from "#src/training/evaluate.js";
import { encodeExamples } from "#src/training/examples.js";
import { freshVictim, sentences, tinyVictim } from "./tiny-victim.js";

const victim = await tinyVictim();
const { encoder } = victim;
const examples = sentences();
const settings = { maxLength: 16, batchSize: 16 };
const plan = { adapter: victim.adapter.config, head: victim.head.config };
after(() => encoder.dispose());

const attack = (options: FgsmOptions = {}, of = victim) => fgsm(encoder, of, examples, { ...settings, ...options });

describe("FGSM", () => {
  test("gives one result for each ε, in the order given, the default grid where none is", () => {
    const grid = attack({ epsilon: [1, 0, 0.1] });
    assert.deepEqual(
      grid.map(({ epsilon }) => epsilon),
      [1, 0, 0.1],
    );
    assert.deepEqual(attack({ epsilon: 0.1 })[0], grid[2]);
    assert.deepEqual(
      attack().map(({ epsilon }) => epsilon),
      [0.05, 0.1, 0.2, 0.5, 1],
    );
  });

  test("at 0 is an evaluation of clean text", () => {
    const [clean] = attack({ epsilon: 0 });
    const evaluated = evaluate(encoder, victim, examples, settings);
    assert.deepEqual(clean.predictions, evaluated.predictions);
    assert.ok(Math.abs(clean.loss - evaluated.loss) < 1e-5);
  });

  test("does more harm the stronger it is", () => {
    const losses = attack({ epsilon: [0, 0.05, 0.1, 0.2] }).map(({ loss }) => loss);
    for (let i = 1; i < losses.length; i++) assert.ok(losses[i] > losses[i - 1], losses.join());
    assert.ok(attack({ epsilon: 1 })[0].accuracy < 0.5);
  });

  test("counts ε in root mean squares of the embedding table, or in its own numbers", () => {
    const { data } = encoder.weights["embeddings.word_embeddings.weight"];
    const scale = embeddingScale(encoder);
    assert.ok(Math.abs(scale - Math.sqrt(Array.from(data).reduce((sum, x) => sum + x * x, 0) / data.length)) < 1e-6);
    const [byScale] = attack({ epsilon: 0.3 });
    const [absolute] = attack({ epsilon: 0.3 * scale, unit: "absolute" });
    assert.equal(byScale.step, 0.3 * scale);
    assert.deepEqual(byScale.logits, absolute.logits);
  });

  test("perturbs special tokens only where asked", () => {
    const [own] = attack({ epsilon: 0.02 });
    const [special] = attack({ epsilon: 0.02, specialTokens: true });
    assert.ok(special.loss > own.loss);
  });

  test("follows the gradients of the source, if another is given", () => {
    const other = freshVictim(encoder, victim.adapter);
    const transferred = fgsm(encoder, victim, examples, { ...settings, epsilon: 0.2, source: other })[0];
    const [own] = attack({ epsilon: 0.2 });
    assert.ok(transferred.loss < own.loss, "a transferred attack is weaker");
    assert.deepEqual(fgsm(encoder, victim, examples, { ...settings, epsilon: 0.2, source: victim })[0], own);
  });

  test("made once, attacks any adapter of its kind", () => {
    const prepared = createFgsm(encoder, examples, plan, { ...settings, epsilon: 0.2 });
    assert.deepEqual(prepared.run(victim), attack({ epsilon: 0.2 }));
    const other = freshVictim(encoder, victim.adapter);
    assert.notDeepEqual(prepared.run(other), prepared.run(victim));
    assert.deepEqual(prepared.run(victim), attack({ epsilon: 0.2 }));
    prepared.dispose();
  });

  test("gives the same twice, and leaves no tensors", () => {
    const first = attack({ epsilon: 0.2 });
    const before = tf.memory().numTensors;
    assert.deepEqual(attack({ epsilon: 0.2 }), first);
    assert.equal(tf.memory().numTensors, before);
  });
});

test("padding is never perturbed, whatever the mask says, and nothing where the mask is 0", () => {
  const step = createFgsmStep({ encoder, ...plan });
  const encodings = encodeExamples(encoder, examples.slice(0, 2), 16);
  const batch = tokenBatch(encodings, 16, encoder.config.padTokenId);
  const all = int32([2, 16], new Int32Array(32).fill(1));
  const labels = int32([2], Int32Array.from([0, 0]));
  const parameters = classifierTensors(victim.adapter, victim.head);
  const direction = step.direction(parameters, batch, labels, all);
  assert.deepEqual(direction.shape, [2, 16, encoder.config.hiddenSize]);
  const touched = (values: ArrayLike<number>, token: number) =>
    Array.from(values)
      .slice(token * direction.shape[2], (token + 1) * direction.shape[2])
      .some((value) => value !== 0);
  batch.attentionMask.data.forEach((real, token) => {
    assert.equal(touched(direction.data, token), real === 1, `token ${token}`);
  });
  const one = int32([2, 16]);
  one.data[3] = 1;
  const single = step.direction(parameters, batch, labels, one).data;
  for (let token = 0; token < 32; token++) assert.equal(touched(single, token), token === 3);
  // a step of 0 along any direction is the clean text
  const still = step.logits(parameters, batch, direction, 0).data;
  assert.deepEqual(still, step.logits(parameters, batch, float32(direction.shape), 1).data);
  step.dispose();
});

describe("FGSM refuses", () => {
  test("no examples, and an ε that is no strength", () => {
    assert.throws(() => fgsm(encoder, victim, []), /at least one example/);
    for (const epsilon of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => attack({ epsilon }), /ε is .*; give a number, 0 or more/);
    }
  });

  test("a label that the head lacks, by the example's number", () => {
    const wrong = [...examples.slice(0, 2), { text: "good", label: 2 }];
    assert.throws(
      () => fgsm(encoder, victim, wrong, settings),
      /Example 3 has label 2, but the head "tiny" has 2 classes/,
    );
  });

  test("an adapter or a head of another kind, in victim and source", () => {
    const head = { ...victim.head, config: { ...victim.head.config, layers: 2 as const } };
    const prepared = createFgsm(encoder, examples, plan, settings);
    assert.throws(() => prepared.run({ head: victim.head }), /configuration/);
    assert.throws(() => prepared.run(victim, { ...victim, head }), /head "tiny" is of another kind/);
    prepared.dispose();
  });
});
