import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { classifierTensors } from "#src/adapters/classify.js";
import { createHead } from "#src/adapters/head.js";
import { classroomDomain } from "#src/domains/classroom/generate.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import type { Encoder } from "#src/encoder/encoder.js";
import { selectBackend } from "#src/engine/backend.js";
import { createRandom } from "#src/engine/random.js";
import { float32, type NamedTensorData, sizeOf } from "#src/engine/tensor-data.js";
import { projectPath } from "#src/files/project.js";
import { adamwDefaults, biasCorrections } from "#src/training/adamw.js";
import { majorityAccuracy, trainProbe } from "#src/training/baselines.js";
import { labelsOf, tokenSource, trainingOrder } from "#src/training/batches.js";
import { linearSchedule } from "#src/training/schedule.js";
import { prefixed, trainingStep } from "#src/training/step.js";

const domain = classroomDomain("financial", { train: 60, dev: 12, test: 30 });
const loop = { steps: 12, batchSize: 8, maxLength: 32, learningRate: 0.01, warmup: 0.25, seed: 1 };

describe("majorityAccuracy", () => {
  it("is the share of the most frequent training label", () => {
    const train = domain.train.filter(({ label }, i) => label === 2 || i < 20);
    const share = domain.test.filter(({ label }) => label === 2).length / domain.test.length;
    assert.equal(majorityAccuracy({ ...domain, train }, domain.test), share);
  });
});

describe("trainProbe", () => {
  let encoder: Encoder;
  before(async () => {
    await selectBackend(undefined, { quiet: true });
    encoder = await loadEncoder(projectPath("data", "signmix-mini"));
  });
  it("trains as the whole model would with the encoder frozen", async () => {
    const { head, history } = await trainProbe(encoder, domain, loop);
    const whole = wholeModel(encoder);
    whole.losses.forEach((loss, i) => {
      assert.ok(Math.abs(loss - history.losses[i]) < 1e-4, `step ${i}: ${loss} and ${history.losses[i]}`);
    });
    const weights = whole.state["parameter.head.out.weight"].data;
    head.tensors["out.weight"].data.forEach((value, i) => {
      assert.ok(Math.abs(value - weights[i]) < 1e-3, `weight ${i}: ${value} and ${weights[i]}`);
    });
  });

  /** The same steps through the whole model, tokens in and head out. */
  function wholeModel(frozen: Encoder) {
    const head = createHead(frozen, domain.labels, { seed: loop.seed });
    const step = trainingStep({ encoder: frozen, head: head.config }, adamwDefaults);
    const { lengths, batch } = tokenSource(frozen, domain.train, loop.maxLength);
    const nextRows = trainingOrder(lengths, loop.batchSize, createRandom(loop.seed).fork("order"));
    const parameters = classifierTensors(undefined, head);
    const zeros = Object.fromEntries(
      Object.entries(parameters).map(([name, { shape }]) => [name, float32(shape, new Float32Array(sizeOf(shape)))]),
    );
    let state: NamedTensorData = {
      ...prefixed("parameter", parameters),
      ...prefixed("first", zeros),
      ...prefixed("second", zeros),
    };
    const losses: number[] = [];
    for (let done = 1; done <= loop.steps; done++) {
      const rows = nextRows();
      const rates = {
        learningRate: loop.learningRate * linearSchedule(done - 1, loop.steps, 3),
        ...biasCorrections(adamwDefaults, done),
      };
      const scalars = Object.entries(rates).map(([name, x]) => [name, float32([], Float32Array.of(x))]);
      const { loss, ...next } = step.run({
        ...state,
        ...batch(rows),
        ...labelsOf(domain.train, rows),
        ...Object.fromEntries(scalars),
      });
      losses.push(loss.data[0]);
      state = next;
    }
    step.forget();
    return { losses, state };
  }
});
