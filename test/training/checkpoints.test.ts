import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { adapterHash } from "#src/adapters/adapter.js";
import type { Encoder } from "#src/encoder/encoder.js";
import { selectBackend } from "#src/engine/backend.js";
import type { TrainingCheckpoint } from "#src/training/loop-options.js";
import { type TrainOptions, trainAdapter } from "#src/training/train.js";
import { sentenceDomain, tinyEncoder } from "../attacks/tiny-victim.js";

describe("a training that goes on from a checkpoint", () => {
  let encoder: Encoder;
  before(async () => {
    await selectBackend(undefined, { quiet: true });
    encoder = tinyEncoder();
  });
  after(() => encoder.dispose());
  const domain = sentenceDomain();
  const plain: TrainOptions = {
    ...{ method: "pfeiffer", seed: 3, steps: 12, batchSize: 8, maxLength: 16, learningRate: 0.01 },
    ...{ dropout: 0.1, evaluateEvery: 3, select: "best-on-dev" },
  };

  test("comes to the same bytes, with the same history, from wherever it was stopped", async () => {
    const checkpoints: TrainingCheckpoint[] = [];
    const whole = await trainAdapter(encoder, domain, {
      ...plain,
      checkpointEvery: 5,
      onCheckpoint: (checkpoint) => checkpoints.push(checkpoint),
    });
    assert.deepEqual(
      checkpoints.map(({ step }) => step),
      [5, 10],
    );
    for (const resume of checkpoints) {
      const steps: number[] = [];
      const rest = await trainAdapter(encoder, domain, {
        ...plain,
        resume,
        onProgress: ({ step }) => steps.push(step),
      });
      assert.equal(steps[0], resume.step + 1);
      assert.equal(adapterHash(rest.adapter), adapterHash(whole.adapter));
      assert.deepEqual(rest.history, whole.history);
      assert.equal(resume.history.losses.length, resume.step, "the checkpoint is left as it was");
    }
  });

  test("refuses a checkpoint of another adapter, or of a longer training", async () => {
    const checkpoints: TrainingCheckpoint[] = [];
    const keep = { checkpointEvery: 6, onCheckpoint: (one: TrainingCheckpoint) => checkpoints.push(one) };
    await trainAdapter(encoder, domain, { ...plain, ...keep });
    const [resume] = checkpoints;
    const other = { config: { reductionFactor: 4 } } as const;
    await assert.rejects(trainAdapter(encoder, domain, { ...plain, ...other, resume }), /after 6 steps is of another/);
    await assert.rejects(trainAdapter(encoder, domain, { ...plain, steps: 6, resume }), /after 6 steps is of another/);
    await assert.rejects(trainAdapter(encoder, domain, { ...plain, checkpointEvery: 0 }), /checkpointEvery, not 0/);
  });
});
