import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { adapterHash } from "#src/adapters/adapter.js";
import { classifierTensors } from "#src/adapters/classify.js";
import { createAdapter } from "#src/adapters/create.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import { createEncoder, type Encoder } from "#src/encoder/encoder.js";
import { selectBackend } from "#src/engine/backend.js";
import { float32 } from "#src/engine/tensor-data.js";
import { projectPath } from "#src/files/project.js";
import { mixAdapters } from "#src/mixing/mix.js";
import { generateTask } from "#src/tasks/classroom/generate.js";
import { createTaskEvaluator, evaluateTask } from "#src/tasks/evaluate-task.js";
import { regression, type ScoredExample } from "#src/tasks/regression.js";
import { type TaggedExample, tagging } from "#src/tasks/tagging.js";
import type { TaskDomain } from "#src/tasks/task.js";
import { trainTask } from "#src/tasks/train-task.js";
import { encodeWords } from "#src/tasks/words.js";
import { tokenBatch } from "#src/text/batching.js";
import { adamwDefaults } from "#src/training/adamw.js";
import { prefixed, trainingStep } from "#src/training/step.js";

const sizes = { train: 200, dev: 20, test: 60 };
const similarity = generateTask("similarity", sizes) as TaskDomain<ScoredExample>;
const entities = generateTask("entities", sizes) as TaskDomain<TaggedExample>;
const loop = { method: "pfeiffer", seed: 1, batchSize: 16, maxLength: 48, learningRate: 3e-3 } as const;

describe("tasks beside classification", () => {
  let encoder: Encoder;
  before(async () => {
    await selectBackend(undefined, { quiet: true });
    encoder = await loadEncoder(projectPath("data", "signmix-mini"));
  });
  after(() => encoder.dispose());

  test("words are encoded as the whole text is, with the place of each one's first token", () => {
    const words = ["Acme", "Steel", "of", "Ouagadougou"];
    const whole = encoder.tokenizer?.encode(words.join(" "));
    const { inputIds, firstTokens } = encodeWords(encoder, words, 64);
    assert.deepEqual(inputIds, whole?.inputIds);
    assert.deepEqual(firstTokens?.length, 4);
    const first = (word: number) => encoder.tokenizer?.idToToken(inputIds[firstTokens?.[word] as number]);
    assert.equal(first(2), "of");
    const cut = encodeWords(encoder, words, 5);
    assert.ok(cut.inputIds.length <= 5 && (cut.firstTokens?.length as number) < 4);
  });

  test("the loss of a step is the mean over what the batch is asked for", () => {
    const head = tagging.head(encoder, entities, 2);
    const adapter = createAdapter(encoder, { method: "pfeiffer", seed: 1 });
    const examples = entities.train.slice(0, 5);
    const encoded = examples.map((example) => tagging.encode(encoder, example, 48));
    const time = 48;
    const batch = tokenBatch(encoded, time, encoder.config.padTokenId);
    const plan = { encoder, adapter: adapter.config, head: head.config };
    const parameters = classifierTensors(adapter, head);
    const zeros = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, float32(shape)]));
    const one = float32([], Float32Array.of(1));
    const step = trainingStep(plan, adamwDefaults, tagging.objective);
    const { loss } = step.run({
      ...{ ...prefixed("parameter", parameters), ...prefixed("first", zeros), ...prefixed("second", zeros) },
      ...{ ...batch, ...tagging.targets(examples, encoded, time) },
      ...{ learningRate: one, correction1: one, correction2: one },
    });
    const logits = tf.tidy(() => {
      const tensors = Object.fromEntries(
        Object.entries({ ...parameters, ...batch }).map(([name, { shape, data, dtype }]) => [
          name,
          tf.tensor(data, shape, dtype),
        ]),
      );
      return tagging.objective.outputs(plan, tensors, tensors).arraySync() as number[][][];
    });
    let [sum, count] = [0, 0];
    encoded.forEach(({ firstTokens = [] }, row) => {
      firstTokens.forEach((token, word) => {
        const exps = logits[row][token].map(Math.exp);
        sum -= Math.log(exps[examples[row].tags[word]] / exps.reduce((a, b) => a + b, 0));
        count++;
      });
    });
    assert.ok(Math.abs(loss.data[0] - sum / count) < 1e-4, `${loss.data[0]} and ${sum / count}`);
  });

  test("a regression learns, begins at the mean, and comes to the same bytes", async () => {
    const start = regression.head(encoder, similarity, 1);
    const bias = start.tensors["out.bias"].data[0];
    const average = similarity.train.reduce((total, { score }) => total + score, 0) / similarity.train.length;
    assert.ok(Math.abs(bias - average) < 1e-5);
    const numTensors = tf.memory().numTensors;
    const trained = await trainTask(encoder, similarity, { ...loop, steps: 60 });
    assert.equal(tf.memory().numTensors, numTensors);
    const { losses } = trained.history;
    assert.ok(losses.slice(-10).reduce((a, b) => a + b) < losses.slice(0, 10).reduce((a, b) => a + b));
    const { scores, predictions } = evaluateTask(encoder, trained, similarity, similarity.train, { maxLength: 48 });
    assert.equal(predictions.length, 200);
    assert.ok(scores.spearman > 0.3 && scores.pearson > 0.3, JSON.stringify(scores));
    const again = await trainTask(encoder, similarity, { ...loop, steps: 60 });
    assert.equal(adapterHash(again.adapter), adapterHash(trained.adapter));
  });

  test("a tagger learns, and its adapter mixes with a regression's; each keeps its own head", async () => {
    const options = { maxLength: 48 };
    const tagger = await trainTask(encoder, entities, { ...loop, steps: 80, evaluateEvery: 40 });
    assert.equal(tagger.history.dev.length, 2);
    const alone = evaluateTask(encoder, tagger, entities, entities.test, options).scores;
    const untrained = createAdapter(encoder, { method: "pfeiffer", seed: 1 });
    const floor = evaluateTask(
      encoder,
      { adapter: untrained, head: tagger.head },
      entities,
      entities.test,
      options,
    ).scores;
    assert.ok(alone.entityF1 > floor.entityF1 && alone.words > 0.8, JSON.stringify({ alone, floor }));
    const other = await trainTask(encoder, similarity, { ...loop, steps: 20 });
    const mixture = mixAdapters([tagger.adapter, other.adapter]);
    const evaluator = createTaskEvaluator(
      encoder,
      entities,
      entities.test,
      { adapter: mixture.config, head: tagger.head.config },
      options,
    );
    const mixed = evaluator.run(mixture, tagger.head).scores;
    assert.ok(mixed.words > 0.5 && mixed.words <= 1);
    assert.deepEqual(evaluator.run(mixture, tagger.head).scores, mixed);
  });

  test("what is no domain, task or option is refused by name", async () => {
    await assert.rejects(trainTask(encoder, {} as never, { ...loop }), /trainTask takes a domain of a task/);
    await assert.rejects(
      trainTask(encoder, { ...entities, task: "taging" }, { ...loop, steps: 1 }),
      /is of the task "taging"; the nearest is "tagging"/,
    );
    await assert.rejects(trainTask(encoder, entities, { ...loop, stepz: 1 } as never), /stepz/);
    assert.throws(
      () => evaluateTask(encoder, { head: regression.head(encoder, similarity, 1) }, similarity, []),
      /at least one/,
    );
    const [tagger, scorer] = [tagging.head(encoder, entities, 1), regression.head(encoder, similarity, 1)];
    assert.throws(
      () => evaluateTask(encoder, { head: scorer }, entities),
      /needs O, B-PER.*Take the head that was trained/,
    );
    assert.throws(() => evaluateTask(encoder, { head: tagger }, similarity), /"similarity" \(regression\) needs score/);
    assert.throws(() => evaluateTask(encoder, scorer as never, similarity), /evaluateTask .*head/);
    const { hash: _, ...loose } = entities;
    await assert.rejects(trainTask(encoder, loose as never, { ...loop }), /make it by taskDomain, which checks it/);
    assert.throws(() => generateTask("entities", { train: -1 }), /a whole number of train examples from 1/);
    const bare = createEncoder(encoder.config, { seed: 1 });
    assert.throws(() => encodeWords(bare, ["a"], 8), /has no tokenizer/);
    bare.dispose();
  });
});
