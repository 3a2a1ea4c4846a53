import assert from "node:assert/strict";
import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import { selectBackend } from "#src/engine/backend.js";
import { readJsonLines } from "#src/files/json-lines.js";
import { loadPretraining, savePretraining } from "#src/pretraining/checkpoint.js";
import { type PretrainingLogEntry, type PretrainingOptions, pretrain } from "#src/pretraining/pretrain.js";
import { toyPassages } from "./toy-corpus.js";

const folder = () => mkdtempSync(join(tmpdir(), "signmix-"));
const options = (output: string): PretrainingOptions => ({
  passages: toyPassages(2200, "run"),
  output,
  vocabularySize: 160,
  layers: 1,
  width: 24,
  heads: 2,
  maxPositions: 32,
  batches: [
    { rows: 12, time: 32, pairRows: 4 },
    { rows: 16, time: 24, pairRows: 4 },
  ],
  learningRate: 0.01,
  warmUp: 10,
  decayShare: 0.2,
  pairWeight: 1,
  seed: "toy",
  steps: 75,
  checkpointMinutes: 5,
  heldOutEvery: 75,
});

describe("pretrain", async () => {
  await selectBackend(undefined, { quiet: true });
  const first = folder();
  const checkpoint = await pretrain(options(first));
  const log = readJsonLines<PretrainingLogEntry>(join(first, "log.jsonl"));

  it("lowers the loss, on held-out text too", () => {
    assert.deepEqual(
      log.map(({ step }) => step),
      [25, 50, 75],
    );
    assert.ok(log[2].masked < 0.8 * log[0].masked, `${log[0].masked} → ${log[2].masked}`);
    assert.ok(log[2].heldOut!.masked < log[0].masked);
  });
  it("writes a checkpoint that the encoder reads and that resumes where it ended", async () => {
    const encoder = await loadEncoder(first);
    assert.equal(encoder.config.hiddenSize, 24);
    const read = loadPretraining(first);
    assert.deepEqual(read.parameters, checkpoint.parameters);
    assert.equal(read.step, 75);
    const longer = await pretrain({ ...options(first), resume: first, steps: 25 });
    assert.equal(longer.step, 100);
    assert.ok(longer.tokens > checkpoint.tokens);
    assert.deepEqual(longer.pieces, checkpoint.pieces);
  });
  it("is the same for the same seed", async () => {
    const [a, b] = [folder(), folder()];
    const short = { steps: 5 };
    const one = await pretrain({ ...options(a), ...short });
    const two = await pretrain({ ...options(b), ...short });
    assert.deepEqual(one.parameters, two.parameters);
    const other = await pretrain({ ...options(folder()), ...short, seed: "another" });
    assert.notDeepEqual(one.parameters, other.parameters);
  });
  it("ends when it is told to, with a checkpoint", async () => {
    const dir = folder();
    let asked = 0;
    await pretrain({ ...options(dir), stopped: () => ++asked > 3 });
    assert.equal(loadPretraining(dir).step, 3);
  });
  it("halves the file in float16, close to the same numbers", () => {
    const dir = folder();
    savePretraining(checkpoint, dir, "float16");
    const size = (at: string) => statSync(join(at, "model.safetensors")).size;
    assert.ok(size(dir) < 0.6 * size(first));
    const half = loadPretraining(dir);
    for (const [name, { data }] of Object.entries(checkpoint.parameters)) {
      data.forEach((x, i) => {
        assert.ok(Math.abs(half.parameters[name].data[i] - x) <= 5e-4 * Math.abs(x) + 1e-7, name);
      });
    }
  });
  it("says what is missing", async () => {
    await assert.rejects(pretrain({ ...options(folder()), resume: folder() }), /There is no ".*config\.json"/);
    await assert.rejects(pretrain({ ...options(folder()), passages: ["too few"] }), /give 2,000 or more/);
  });
});
