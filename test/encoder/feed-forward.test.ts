import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { features } from "#src/adapters/classify.js";
import { type AdapterOptions, createAdapter } from "#src/adapters/create.js";
import type { EncoderConfig } from "#src/encoder/config.js";
import { createEncoder } from "#src/encoder/encoder.js";
import { under } from "#src/encoder/heads.js";
import { capture } from "#src/engine/capture.js";
import { compile } from "#src/engine/compile.js";
import { createRandom } from "#src/engine/random.js";
import { int32 } from "#src/engine/tensor-data.js";
import { batchOf, prefixed } from "#src/training/step.js";

const ids = int32([2, 5], Int32Array.from([3, 14, 25, 6, 1, 9, 2, 7, 0, 0]));
const mask = int32([2, 5], Int32Array.from([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]));

/** What a captured graph and the JavaScript backend give, and the operators of the graph. */
function bothWays(config: Partial<EncoderConfig>, options: AdapterOptions) {
  const sizes = { vocabSize: 30, hiddenSize: 16, layers: 2, heads: 2, intermediateSize: 1024, maxPositions: 12 };
  const rest = {
    family: "bert",
    typeVocabSize: 2,
    layerNormEpsilon: 1e-12,
    padTokenId: 0,
    activation: "gelu",
  } as const;
  const encoder = createEncoder({ ...sizes, ...rest, ...config }, { seed: 1 });
  const adapter = createAdapter(encoder, options);
  for (const [name, { data }] of Object.entries({ ...encoder.weights, ...adapter.tensors })) {
    const { normal } = createRandom(name);
    for (let i = 0; i < data.length; i++) data[i] += 0.1 * normal();
  }
  const plan = {
    encoder,
    adapter: adapter.config,
    head: { input: "firstToken", layers: 1, activation: "tanh" },
  } as const;
  const read = (inputs: Record<string, tf.Tensor>) => features(plan, under(inputs, "adapter"), batchOf(inputs));
  const inputs = { ...prefixed("adapter", adapter.tensors), inputIds: ids, attentionMask: mask };
  const captured = capture((given) => ({ read: read(given) }));
  try {
    const plain = compile((given) => ({ read: read(given) })).run(inputs).read;
    return { plain, graph: captured.run(inputs).read, operators: captured.operators(inputs) };
  } finally {
    captured.dispose();
    encoder.dispose();
  }
}

describe("a feed-forward width of whole 4 KB rows is padded inside a captured graph", async () => {
  await tf.setBackend("cpu");
  after(() => tf.setBackend("cpu"));
  const pfeiffer = { method: "pfeiffer", seed: 2, reductionFactor: 4 } as const;
  const cases: [string, Partial<EncoderConfig>, AdapterOptions, number][] = [
    ["gelu", {}, pfeiffer, 6], // two matrices and a bias in each of two layers
    ["relu", { activation: "relu" }, pfeiffer, 6],
    ["gelu_new", { activation: "gelu_new" }, pfeiffer, 6],
    ["another width", { intermediateSize: 1040 }, pfeiffer, 0],
    ["LoRA on attention", {}, { method: "lora", seed: 2, rank: 3 }, 6],
    ["LoRA on the padded matrices", {}, { method: "lora", seed: 2, rank: 3, targets: ["intermediate", "output"] }, 0],
  ];
  for (const [name, config, options, pads] of cases) {
    test(`${name}: ${pads} constants are padded, and the numbers stay`, () => {
      const { plain, graph, operators } = bothWays(config, options);
      assert.equal(operators.filter((op) => op === "Pad").length, pads);
      plain.data.forEach((value, i) => {
        assert.ok(
          Math.abs(graph.data[i] - value) < 1e-4 * Math.max(1, Math.abs(value)),
          `${graph.data[i]}, not ${value}`,
        );
      });
    });
  }
});
