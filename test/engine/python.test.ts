import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { createEncoder } from "#src/encoder/encoder.js";
import { forward } from "#src/encoder/forward.js";
import { capture } from "#src/engine/capture.js";
import { int32, toTensors } from "#src/engine/tensor-data.js";

const python = process.env.SIGNMIX_TORCH_PYTHON;
const script = `
import json, sys, numpy, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
feeds = {name: numpy.array(rows, dtype=numpy.int32) for name, rows in json.load(sys.stdin).items()}
(hidden,) = session.run(["hidden"], feeds)
print(json.dumps({"shape": hidden.shape, "data": hidden.flatten().tolist()}))
`;

test("Python's onnxruntime loads a captured forward pass and computes the same", {
  skip: python ? false : "SIGNMIX_TORCH_PYTHON names no Python that has onnxruntime",
}, async () => {
  await tf.setBackend("cpu");
  const sizes = { vocabSize: 30, hiddenSize: 16, layers: 2, heads: 2, intermediateSize: 32, maxPositions: 12 };
  const config = {
    ...sizes,
    family: "bert" as const,
    typeVocabSize: 2,
    layerNormEpsilon: 1e-12,
    padTokenId: 0,
    activation: "gelu" as const,
  };
  const frozen = toTensors(createEncoder(config, { seed: 1 }).weights);
  const captured = capture(({ ids, mask }) => ({
    hidden: forward(frozen, config, { inputIds: ids, attentionMask: mask }).lastHiddenState,
  }));
  const rows = { ids: [3, 14, 25, 6], mask: [1, 1, 1, 0] };
  const inputs = {
    ids: int32([1, 4], Int32Array.from(rows.ids)),
    mask: int32([1, 4], Int32Array.from(rows.mask)),
  };
  const folder = mkdtempSync(join(tmpdir(), "signmix-onnx-"));
  try {
    const file = join(folder, "forward.onnx");
    writeFileSync(file, captured.toOnnx(inputs));
    const input = JSON.stringify({ ids: [rows.ids], mask: [rows.mask] });
    const { status, stdout, stderr } = spawnSync(python as string, ["-c", script, file], { input, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    const loaded = JSON.parse(stdout) as { shape: number[]; data: number[] };
    const { shape, data } = captured.run(inputs).hidden;
    assert.deepEqual(loaded.shape, shape);
    loaded.data.forEach((value, i) => {
      assert.ok(Math.abs(value - data[i]) < 1e-5, `hidden[${i}] is ${value}, not ${data[i]}`);
    });
  } finally {
    captured.dispose();
    tf.dispose(frozen);
    rmSync(folder, { recursive: true });
  }
});
