// What the engine benchmark computes: one classifier with Houlsby adapters, the same numbers for every engine.
import { classifierTensors } from "../../dist/adapters/classify.js";
import { adapterConfig, createAdapter } from "../../dist/adapters/create.js";
import { createHead } from "../../dist/adapters/head.js";
import { createEncoder, encoderOf } from "../../dist/encoder/encoder.js";
import { createRandom } from "../../dist/engine/random.js";
import { float32, int32 } from "../../dist/engine/tensor-data.js";
import { adamwDefaults } from "../../dist/training/adamw.js";

export const batch = 32;
export const time = 64;
export const learningRate = 1e-3;
export const reduction = 16;
const classes = 2;
const vocabulary = 8192;

/** A model of so many layers of such a width; heads of 64 as BERT has them, feed-forward four times as wide. */
export function createWorkload({ layers, hidden, firstTokenOnly }) {
  const config = {
    family: "bert",
    vocabSize: vocabulary,
    hiddenSize: hidden,
    layers,
    heads: hidden / 64,
    intermediateSize: 4 * hidden,
    maxPositions: time,
    typeVocabSize: 2,
    layerNormEpsilon: 1e-12,
    padTokenId: 0,
    activation: "gelu",
  };
  const encoder = trainedLike(createEncoder(config, { seed: 1, pooler: false }));
  const adapter = createAdapter(encoder, { method: "houlsby", reductionFactor: reduction, seed: 2 });
  const head = createHead(encoder, ["no", "yes"], { seed: 3 });
  const random = createRandom(4);
  const tokens = {
    inputIds: int32(
      [batch, time],
      Int32Array.from({ length: batch * time }, () => random.integer(vocabulary)),
    ),
    attentionMask: int32([batch, time], new Int32Array(batch * time).fill(1)),
    tokenTypeIds: int32([batch, time]),
  };
  const labels = int32(
    [batch],
    Int32Array.from({ length: batch }, () => random.integer(classes)),
  );
  const computed = firstTokenOnly ? encoder : computingEveryToken(encoder);
  return {
    size: { layers, heads: config.heads, layerNormEpsilon: config.layerNormEpsilon, firstTokenOnly },
    plan: {
      encoder: computed,
      adapter: adapterConfig({ method: "houlsby", reductionFactor: reduction }),
      head: head.config,
    },
    parameters: classifierTensors(adapter, head),
    settings: adamwDefaults,
    tokens,
    labels,
  };
}

/** Biases and gains as training leaves them: where a bias is all zeros, a captured graph leaves its addition out. */
function trainedLike(encoder) {
  const moved = Object.entries(encoder.weights).map(([name, { shape, data }]) => {
    if (shape.length > 1) return [name, { shape, data, dtype: "float32" }];
    const { normal } = createRandom(name);
    return [
      name,
      float32(
        shape,
        data.map((value) => value + 0.02 * normal()),
      ),
    ];
  });
  return encoderOf({ name: encoder.name, config: encoder.config, weights: Object.fromEntries(moved) });
}

/** signmix leaves out what no head reads of the last layer; the comparison is of equal work, so this does not. */
function computingEveryToken(encoder) {
  return { ...encoder, forward: (tokens, options) => encoder.forward(tokens, { ...options, firstTokenOnly: false }) };
}

/**
 * Floating-point operations of the matrix products, two for each multiplication and addition. Training adds the gradients
 * that have to be: of the adapters' own weights, and of every state above the lowest adapter.
 */
export function countOperations({ layers, hidden, firstTokenOnly }) {
  const rows = batch * time;
  const asking = (layer) => (firstTokenOnly && layer === layers - 1 ? batch : rows);
  const square = 2 * hidden * hidden;
  let forward = 0;
  let train = 0;
  for (let layer = 0; layer < layers; layer++) {
    const own = asking(layer);
    const keysAndValues = 2 * square * rows;
    const queryAndMixing = square * own + 2 * 2 * own * time * hidden;
    const after = 9 * square * own; // attention's output matrix and the feed-forward's two
    const adapters = 2 * 2 * 2 * own * hidden * Math.floor(hidden / reduction);
    const pass = keysAndValues + queryAndMixing + after + adapters;
    forward += pass;
    // Below the first adapter, at layer 0's attention output, nothing is trained.
    const backward =
      layer === 0 ? 8 * square * own : keysAndValues + queryAndMixing + 2 * 2 * own * time * hidden + after;
    train += pass + backward + 2 * adapters;
  }
  return { forward, train };
}
