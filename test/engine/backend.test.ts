import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { backendNames, selectBackend } from "#src/engine/backend.js";
import { backendsUnderTest } from "../backends.js";

describe("selectBackend", () => {
  const before = process.env.SIGNMIX_BACKEND;
  after(() => {
    if (before === undefined) delete process.env.SIGNMIX_BACKEND;
    else process.env.SIGNMIX_BACKEND = before;
  });

  test("takes the backend that is named, over the one in the environment", async () => {
    process.env.SIGNMIX_BACKEND = "wasm";
    const backend = await selectBackend("cpu", { quiet: true });
    assert.deepEqual(backend, { name: "cpu", device: "CPU", why: "It was named." });
    assert.equal(tf.getBackend(), "cpu");
  });

  test("takes the backend that SIGNMIX_BACKEND names", async () => {
    process.env.SIGNMIX_BACKEND = "wasm";
    const backend = await selectBackend(undefined, { quiet: true });
    assert.deepEqual(backend, { name: "wasm", device: "CPU", why: "SIGNMIX_BACKEND names it." });
    assert.equal(tf.getBackend(), "wasm");
  });

  test("chooses one itself and says why in one sentence", async () => {
    delete process.env.SIGNMIX_BACKEND;
    const backend = await selectBackend(undefined, { quiet: true });
    assert.equal(tf.getBackend(), backend.name);
    assert.notEqual(backend.name, "webgpu"); // only when named
    assert.match(backend.why, /^[A-Z][^\n]+\.$/);
  });

  test("lists the right names where the name is wrong", async () => {
    await assert.rejects(
      selectBackend("cuda", { quiet: true }),
      new RegExp(`no backend "cuda".*${backendNames.join(", ")}`),
    );
  });

  test("says what to install where WebGPU is named but absent, and leaves the active backend", async (t) => {
    await selectBackend("cpu", { quiet: true });
    try {
      await import("webgpu" as string);
      t.skip("the package webgpu is installed here");
    } catch {
      await assert.rejects(selectBackend("webgpu", { quiet: true }), /npm install --no-save webgpu/);
      assert.equal(tf.getBackend(), "cpu");
    }
  });

  test("takes another where ONNX Runtime has no native library for this machine", () => {
    // As on a Mac with an Intel processor: the package is there, its addon is not.
    const hook = `
      const Module = require("node:module");
      const load = Module._load;
      Module._load = function (request, ...rest) {
        if (/\\.node$/.test(request) && /onnxruntime/.test(request)) throw new Error("no addon for this platform");
        return load.call(this, request, ...rest);
      };`;
    const folder = mkdtempSync(path.join(tmpdir(), "signmix-backend-"));
    writeFileSync(path.join(folder, "hook.cjs"), hook);
    const code = `
      const { selectBackend } = await import(${JSON.stringify(import.meta.resolve("#src/index.js"))});
      console.log(JSON.stringify(await selectBackend(undefined, { quiet: true })));`;
    const child = spawnSync(
      process.execPath,
      ["--require", path.join(folder, "hook.cjs"), "--input-type=module", "--eval", code],
      { encoding: "utf8", env: { ...process.env, SIGNMIX_BACKEND: "" } },
    );
    rmSync(folder, { recursive: true });
    assert.equal(child.status, 0, child.stderr);
    const backend = JSON.parse(child.stdout.trim().split("\n").at(-1) ?? "") as { name: string; why: string };
    assert.match(backend.name, /^(tensorflow|wasm)$/);
    assert.match(backend.why, /no addon for this platform/);
  });
});

test("an engine leaves no file in the folder for temporary files", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-engine-"));
  const code = `
    const sm = await import(${JSON.stringify(import.meta.resolve("#src/index.js"))});
    await sm.selectBackend(undefined, { quiet: true });`;
  const env = { ...process.env, SIGNMIX_BACKEND: "", TMPDIR: folder, TMP: folder, TEMP: folder };
  Reflect.deleteProperty(env, "ORT_DISABLE_TELEMETRY");
  const child = spawnSync(process.execPath, ["--input-type=module", "--eval", code], { encoding: "utf8", env });
  const left = readdirSync(folder);
  rmSync(folder, { recursive: true });
  assert.equal(child.status, 0, child.stderr);
  assert.deepEqual(left, []);
});

for (const { name, skip, use } of backendsUnderTest) {
  test(`the gradient of a lookup table is right on ${name}`, { skip }, async () => {
    await use();
    const before = tf.memory().numTensors;
    const gradient = tf.tidy(() => {
      const table = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
      const ids = tf.tensor2d([0, 2, 2, 0], [2, 2], "int32");
      const scale = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
      return tf
        .grad((rows: tf.Tensor) => tf.sum(tf.mul(tf.gather(rows, ids), scale)))(table)
        .arraySync();
    });
    assert.deepEqual(gradient, [
      [1 + 7, 2 + 8],
      [0, 0],
      [3 + 5, 4 + 6],
    ]);
    assert.equal(tf.memory().numTensors, before);
  });
}
