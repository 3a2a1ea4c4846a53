import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import { projectPath } from "#src/files/project.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-"));
after(() => rmSync(folder, { recursive: true }));
const script = projectPath("environment", "checks", "first-layers.mjs");
const mini = projectPath("data", "signmix-mini");

test("an encoder of the first layers of another gives its hidden states after them", async () => {
  const out = join(folder, "first-2");
  execFileSync(process.execPath, [script, "--encoder", mini, "--layers", "2", "--out", out]);
  const [whole, first] = [await loadEncoder(mini), await loadEncoder(out)];
  assert.equal(first.config.layers, 2);
  assert.deepEqual(first.heads, {});
  const tokens = first.tokenizer?.encode("a text of some words");
  assert.deepEqual(tokens, whole.tokenizer?.encode("a text of some words"));
  tf.tidy(() => {
    const inputIds = tf.tensor2d([[2, 17, 90, 412, 3]], undefined, "int32");
    const batch = { inputIds, attentionMask: tf.onesLike(inputIds) };
    const states = whole.forward(batch).hiddenStates;
    assert.deepEqual(first.forward(batch).lastHiddenState.dataSync(), states[2].dataSync());
  });
  const run = (layers: string, to: string) =>
    spawnSync(process.execPath, [script, "--encoder", mini, "--layers", layers, "--out", to], { encoding: "utf8" });
  assert.match(run("5", join(folder, "five")).stderr, /--layers takes a whole number from 1 to 4/);
  assert.match(run("2", out).stderr, /is not empty: name a new folder/);
  whole.dispose();
  first.dispose();
});
