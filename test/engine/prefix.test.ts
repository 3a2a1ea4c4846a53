import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { tokenInputs } from "#src/adapters/classifier-runner.js";
import { features } from "#src/adapters/classify.js";
import { type AdapterOptions, createAdapter } from "#src/adapters/create.js";
import type { AdapterConfig } from "#src/adapters/methods.js";
import { createEncoder, type Encoder } from "#src/encoder/encoder.js";
import { under } from "#src/encoder/heads.js";
import { type Captured, capture } from "#src/engine/capture.js";
import { valueAndGradients } from "#src/engine/gradients.js";
import { dropRows, keptRowsSize } from "#src/engine/kept-rows.js";
import { setMemory } from "#src/engine/memory.js";
import { registerOnnxBackend } from "#src/engine/onnx-backend.js";
import { prefixBorder } from "#src/engine/prefix.js";
import { createRandom } from "#src/engine/random.js";
import { sessionCacheSize } from "#src/engine/session-cache.js";
import { rowsAt } from "#src/engine/slices.js";
import { trace } from "#src/engine/symbolic.js";
import { int32, type NamedTensorData } from "#src/engine/tensor-data.js";
import type { TensorFunction } from "#src/engine/tensor-function.js";
import { batchOf, prefixed } from "#src/training/step.js";

const [rows, time, hidden] = [24, 48, 64]; // three slices of eight rows on one thread
const encoder = lively(
  createEncoder(
    {
      family: "bert",
      vocabSize: 50,
      hiddenSize: hidden,
      layers: 3,
      heads: 4,
      intermediateSize: 128,
      maxPositions: 64,
      typeVocabSize: 2,
      layerNormEpsilon: 1e-12,
      padTokenId: 0,
      activation: "gelu",
    },
    { seed: 1 },
  ),
);

/** Numbers far enough from zero that every part of the encoder matters. */
function lively(made: Encoder): Encoder {
  for (const [name, { data }] of Object.entries(made.weights)) {
    const { normal } = createRandom(name);
    for (let i = 0; i < data.length; i++) data[i] += 0.1 * normal();
  }
  return made;
}

const random = createRandom("tokens");
const lengths = Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? time : 5 + ((7 * row) % 40)));
const filled = (fill: (row: number, token: number) => number) =>
  int32(
    [rows, time],
    Int32Array.from({ length: rows * time }, (_, i) => fill(Math.floor(i / time), i % time)),
  );
const batch: NamedTensorData = {
  inputIds: filled((row, token) => (token < lengths[row] ? 1 + random.integer(49) : 0)),
  attentionMask: filled((row, token) => (token < lengths[row] ? 1 : 0)),
  tokenTypeIds: filled((row, token) => (token > lengths[row] / 2 ? 1 : 0)),
};

const kinds: [string, AdapterOptions | undefined, Record<string, number>][] = [
  // What is kept of a text of 48 tokens, in numbers for each token, and which products remain.
  ["houlsby", { method: "houlsby", seed: 2, reductionFactor: 4 }, { kept: 2 * hidden, layersLeft: 2 }],
  ["pfeiffer", { method: "pfeiffer", seed: 2, reductionFactor: 4 }, { kept: hidden, layersLeft: 2 }],
  ["lora", { method: "lora", seed: 2, rank: 4 }, { kept: 4 * hidden, layersLeft: 2 }],
  [
    "pfeiffer without layer 0",
    { method: "pfeiffer", seed: 2, reductionFactor: 4, leaveOut: [0] },
    { kept: hidden, layersLeft: 1 },
  ],
  ["lora without layer 0", { method: "lora", seed: 2, rank: 4, leaveOut: [0] }, { kept: 4 * hidden, layersLeft: 1 }],
  [
    "houlsby in layer 2 alone",
    { method: "houlsby", seed: 2, reductionFactor: 4, leaveOut: [0, 1] },
    { kept: (2 * hidden) / time, layersLeft: 0 },
  ],
  ["no adapter", undefined, { kept: hidden / time, layersLeft: 0 }],
];

describe("what depends on texts alone is computed once and kept", () => {
  before(async () => {
    registerOnnxBackend();
    await tf.setBackend("onnx");
    setMemory(2 ** 28);
  });
  afterEach(() => dropRows(""));
  after(() => tf.setBackend("cpu"));

  for (const [name, options, expected] of kinds) {
    test(`${name}: features as on the plain path, the same bytes cold, warm and without memory`, () => {
      const { fn, inputs } = forwardOf(options);
      const plain = capture(fn).run(inputs);
      const captured = capture(fn, { independentRows: tokenInputs, repeatedRows: tokenInputs });
      const cold = captured.run(inputs);
      assertClose(cold, plain, 1e-5);
      assert.equal(keptRowsSize().rows, rows);
      assert.deepEqual(captured.run(inputs), cold);
      const { bytes } = keptRowsSize();
      assert.ok(
        Math.abs(bytes / (4 * rows * time * expected.kept) - 1) < (expected.kept < 8 ? 9 : 0.15),
        `${bytes} bytes`,
      );

      // Some rows kept and others not, and rows in another order.
      captured.forget();
      const [few, reversed] = [[3, 20, 4], [...Array(rows).keys()].reverse()];
      captured.run(chosen(inputs, few));
      assert.equal(keptRowsSize().rows, few.length);
      const features = captured.run(chosen(inputs, reversed)).features;
      assert.deepEqual(rowsAt(features, reversed), cold.features);

      captured.forget();
      withMemory(0, () => assert.deepEqual(captured.run(inputs), cold));
      assert.equal(keptRowsSize().rows, 0);
      captured.dispose();
    });

    test(`${name}: the products of the layers below are left out`, () => {
      const { fn, inputs } = forwardOf(options);
      const { graph, outputs } = trace(fn, inputs);
      const border = prefixBorder(graph, Object.values(outputs), tokenInputs, rows);
      const left = graph.needed(Object.values(outputs), new Map(border.map((value, i) => [value, `${i}`]))).nodes;
      const attentions = left.filter(({ op }) => op === "Softmax").length;
      // LoRA acts before the first attention that it changes, the others after it.
      assert.equal(attentions, expected.layersLeft + (options?.method === "lora" ? 1 : 0));
      const all = graph.needed(Object.values(outputs)).nodes;
      const gathers = (nodes: typeof all) => nodes.filter(({ op }) => op === "Gather").length;
      assert.deepEqual([gathers(left), gathers(all) > 0], [0, true]);
    });
  }

  for (const [name, options] of kinds.filter(([, given]) => given)) {
    test(`${name}: loss and gradients as on the plain path, the same bytes cold, warm and without memory`, () => {
      const { fn, inputs } = gradientsOf(options as AdapterOptions);
      const plain = capture(fn).run(inputs);
      const captured = capture(fn, { independentRows: tokenInputs, repeatedRows: tokenInputs, outputs: "sums" });
      const cold = captured.run(inputs);
      assertClose(cold, plain, 1e-5);
      assert.equal(keptRowsSize().rows, rows);
      assert.deepEqual(captured.run(inputs), cold);
      captured.forget();
      withMemory(0, () => assert.deepEqual(captured.run(inputs), cold));
      captured.dispose();
    });
  }

  test("one session for the kept part and one for the rest serve texts of all lengths, with the numbers of their own graphs", () => {
    const before = sessionCacheSize().sessions;
    const { fn, inputs } = forwardOf(kinds[0][1]);
    const captured = capture(fn, { independentRows: tokenInputs, repeatedRows: tokenInputs });
    for (const [count, length] of [
      [24, 48],
      [24, 16],
      [7, 20],
      [2, 36],
    ]) {
      const cut = ({ data }: NamedTensorData[string]) =>
        int32(
          [count, length],
          Int32Array.from({ length: count * length }, (_, i) => data[Math.floor(i / length) * time + (i % length)]),
        );
      const shorter = { ...inputs, ...Object.fromEntries(tokenInputs.map((name) => [name, cut(inputs[name])])) };
      const own = capture(fn);
      assertClose(captured.run(shorter), own.run(shorter), 1e-5);
      own.dispose();
    }
    assert.equal(sessionCacheSize().sessions, before + 2);
    captured.dispose();
  });

  test("a memory that is full keeps what it has, says so once, and changes no number", () => {
    const { fn, inputs } = forwardOf(kinds[1][1]);
    const captured = capture(fn, { independentRows: tokenInputs, repeatedRows: tokenInputs });
    const cold = captured.run(inputs);
    captured.forget();
    const row = 4 * time * hidden + 2 * (3 * 4 * time) + 250; // its numbers, its name, and what is around them
    const told: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => told.push(text);
    try {
      withMemory(sessionCacheSize().bytes + 5.5 * row, () => {
        for (let i = 0; i < 3; i++) assert.deepEqual(captured.run(inputs), cold);
        assert.equal(keptRowsSize().rows, 5);
      });
    } finally {
      console.warn = warn;
    }
    assert.ok(told.length <= 1 && told.every((text) => /--memory/.test(text)), told.join("\n"));
    captured.dispose();
  });
});

function adapterOf(options: AdapterOptions): { config: AdapterConfig; tensors: NamedTensorData } {
  const { config, tensors } = createAdapter(encoder, options);
  for (const [name, { data }] of Object.entries(tensors)) {
    const { normal } = createRandom(name);
    for (let i = 0; i < data.length; i++) data[i] += 0.1 * normal();
  }
  return { config, tensors };
}

function forwardOf(options?: AdapterOptions): { fn: TensorFunction; inputs: NamedTensorData } {
  const adapter = options && adapterOf(options);
  const head = { input: "firstToken", layers: 1, activation: "tanh" } as const;
  const plan = { encoder, adapter: adapter?.config, head };
  return {
    fn: (inputs) => ({ features: features(plan, under(inputs, "adapter"), batchOf(inputs)) }),
    inputs: { ...prefixed("adapter", adapter?.tensors ?? {}), ...batch },
  };
}

/** The mean of the squared features, and its gradients. */
function gradientsOf(options: AdapterOptions): { fn: TensorFunction; inputs: NamedTensorData } {
  const { fn: forward, inputs } = forwardOf(options);
  const fn: TensorFunction = (given) => {
    const loss = (tensors: Record<string, tf.Tensor>) => {
      const read = forward({ ...given, ...prefixed("adapter", tensors) }).features;
      return tf.div(tf.sum(tf.mul(read, tf.mul(read, read))), rows * hidden);
    };
    const { value, gradients } = valueAndGradients(loss, under(given, "adapter"));
    return { loss: value, ...gradients };
  };
  return { fn, inputs };
}

function chosen(inputs: NamedTensorData, which: number[]): NamedTensorData {
  return { ...inputs, ...Object.fromEntries(tokenInputs.map((name) => [name, rowsAt(inputs[name], which)])) };
}

function withMemory(bytes: number, action: () => void): void {
  setMemory(bytes);
  try {
    action();
  } finally {
    setMemory(2 ** 28);
  }
}

function assertClose(actual: ReturnType<Captured["run"]>, expected: NamedTensorData, tolerance: number): void {
  for (const [name, { data }] of Object.entries(expected)) {
    const scale = Math.max(1e-3, ...Array.from(data, Math.abs));
    data.forEach((value, i) => {
      const error = Math.abs(actual[name].data[i] - value) / scale;
      assert.ok(error < tolerance, `${name}[${i}] is ${actual[name].data[i]}, not ${value}`);
    });
  }
}
