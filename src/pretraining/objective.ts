import tf = require("@tensorflow/tfjs");

import type { EncoderConfig } from "../encoder/config.js";
import { firstToken, forward } from "../encoder/forward.js";
import { crossEntropy, gelu, layerNorm, linear } from "../engine/ops.js";
import type { Random } from "../engine/random.js";
import { float32, type NamedTensorData, type NamedTensors } from "../engine/tensor-data.js";
import type { TensorFunction } from "../engine/tensor-function.js";
import { PAIR_CLASSES } from "./pairs.js";

const SPREAD = 0.02;
const WORD_SPREAD = 0.04;
const WORD_EMBEDDINGS = "embeddings.word_embeddings.weight";

/** What the initial parameters start from, where it is known. */
export interface InitialKnowledge {
  /** Start of the word embeddings, scaled to a root mean square of 0.04. [vocabSize, hidden] */
  wordVectors?: Float32Array;
  /** How often each piece occurs; the output bias starts at the logarithm of its share. [vocabSize] */
  counts?: ArrayLike<number>;
}

/**
 * Initial parameters of a BERT encoder with its two pre-training heads, by their Hugging Face names without prefix
 * (`embeddings.…`, `encoder.layer.N.…`, `pooler.…`, `cls.…`): matrices from N(0, 0.02²), biases 0, gains 1.
 */
export function initialParameters(
  config: EncoderConfig,
  random: Random,
  known: InitialKnowledge = {},
): NamedTensorData {
  const { hiddenSize: hidden, intermediateSize: inner, vocabSize } = config;
  const out: NamedTensorData = {};
  const matrix = (name: string, rows: number, columns: number) => {
    const draw = random.fork(name);
    out[name] = float32(
      [rows, columns],
      Float32Array.from({ length: rows * columns }, () => SPREAD * draw.normal()),
    );
  };
  const dense = (name: string, rows: number, columns: number) => {
    matrix(`${name}.weight`, rows, columns);
    out[`${name}.bias`] = float32([rows]);
  };
  const norm = (name: string) => {
    out[`${name}.weight`] = float32([hidden], new Float32Array(hidden).fill(1));
    out[`${name}.bias`] = float32([hidden]);
  };
  matrix(WORD_EMBEDDINGS, vocabSize, hidden);
  if (known.wordVectors) spread(known.wordVectors, out[WORD_EMBEDDINGS].data as Float32Array);
  matrix("embeddings.position_embeddings.weight", config.maxPositions, hidden);
  matrix("embeddings.token_type_embeddings.weight", config.typeVocabSize, hidden);
  norm("embeddings.LayerNorm");
  for (let layer = 0; layer < config.layers; layer++) {
    const prefix = `encoder.layer.${layer}`;
    for (const name of ["query", "key", "value"]) dense(`${prefix}.attention.self.${name}`, hidden, hidden);
    dense(`${prefix}.attention.output.dense`, hidden, hidden);
    norm(`${prefix}.attention.output.LayerNorm`);
    dense(`${prefix}.intermediate.dense`, inner, hidden);
    dense(`${prefix}.output.dense`, hidden, inner);
    norm(`${prefix}.output.LayerNorm`);
  }
  dense("pooler.dense", hidden, hidden);
  dense("cls.predictions.transform.dense", hidden, hidden);
  norm("cls.predictions.transform.LayerNorm");
  out["cls.predictions.bias"] = float32([vocabSize], logShares(known.counts, vocabSize));
  dense("cls.seq_relationship", PAIR_CLASSES.length, hidden);
  return out;
}

/** Scales vectors to the spread of word embeddings; rows that are all zero keep what `into` holds. */
function spread(vectors: Float32Array, into: Float32Array): void {
  if (vectors.length !== into.length) {
    throw new Error(`${vectors.length} numbers of word vectors do not fill ${into.length} word embeddings.`);
  }
  const scale = WORD_SPREAD / Math.sqrt(vectors.reduce((sum, x) => sum + x * x, 0) / vectors.length);
  vectors.forEach((x, i) => {
    if (x !== 0) into[i] = scale * x;
  });
}

function logShares(counts: ArrayLike<number> | undefined, vocabSize: number): Float32Array {
  if (!counts) return new Float32Array(vocabSize);
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  return Float32Array.from(counts, (count) => Math.log((count + 0.5) / (total + 0.5 * vocabSize)));
}

/** The two losses of one batch, and how many labels were guessed right. */
export interface PretrainingLoss {
  /** Mean cross-entropy of the hidden pieces, in nats. [] */
  masked: tf.Tensor;
  /** Mean cross-entropy of the sentence-pair classes, in nats. [] */
  pair: tf.Tensor;
  /** Share of sentence pairs whose class is guessed right. [] */
  pairAccuracy: tf.Tensor;
}

/**
 * Masked language model and sentence pairs (Devlin et al. 2019, section 3.1) on one batch of `drawBatch`. The output
 * matrix is the word-embedding table, and only the places to predict go through it.
 */
export function pretrainingLoss(weights: NamedTensors, config: EncoderConfig, batch: NamedTensors): PretrainingLoss {
  const { lastHiddenState, pooled } = forward(weights, config, {
    inputIds: batch.inputIds,
    attentionMask: batch.attentionMask,
    tokenTypeIds: batch.tokenTypeIds,
  });
  const rows = tf.reshape(lastHiddenState, [-1, config.hiddenSize]); // [rows · time, hidden]
  const chosen = tf.gather(rows, batch.places); // [predictions, hidden]
  const transformed = layerNorm(
    gelu(part(weights, "cls.predictions.transform.dense", chosen)),
    weights["cls.predictions.transform.LayerNorm.weight"],
    weights["cls.predictions.transform.LayerNorm.bias"],
    config.layerNormEpsilon,
  ); // [predictions, hidden]
  const table = weights[WORD_EMBEDDINGS]; // [vocab, hidden]
  const bias = weights["cls.predictions.bias"]; // [vocab]
  const logits = linear(transformed, table, bias); // [predictions, vocab]
  const right = tf.add(tf.sum(tf.mul(transformed, tf.gather(table, batch.labels)), -1), tf.gather(bias, batch.labels)); // logit of the true piece [predictions]
  const losses = tf.mul(tf.sub(logSumExp(logits), right), batch.weights); // [predictions]

  const pairRows = batch.pairLabels.shape[0];
  const first = pooled ?? firstToken(lastHiddenState); // [rows, hidden]
  const ofPairs = tf.slice(first, [0, 0], [pairRows, config.hiddenSize]); // [pairRows, hidden]
  const pairLogits = part(weights, "cls.seq_relationship", ofPairs); // [pairRows, classes]
  return {
    masked: tf.div(tf.sum(losses), tf.maximum(tf.sum(batch.weights), 1)),
    pair: tf.mean(crossEntropy(pairLogits, batch.pairLabels)),
    pairAccuracy: tf.mean(tf.cast(tf.equal(tf.argMax(pairLogits, -1), batch.pairLabels), "float32")),
  };
}

function part(weights: NamedTensors, name: string, x: tf.Tensor): tf.Tensor {
  return linear(x, weights[`${name}.weight`], weights[`${name}.bias`]);
}

/** log Σ exp over the last axis, with the softmax as its gradient in one operation. [rows, n] → [rows] */
function logSumExp(logits: tf.Tensor): tf.Tensor {
  const withGradient = tf.customGrad((x, save) => {
    const input = x as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    return {
      value: tf.logSumExp(input, -1),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(tf.softmax(saved[0]), tf.expandDims(dy, -1)),
    };
  });
  return withGradient(logits);
}

/**
 * Losses and gradients of one batch as a function of named tensors: inputs are the parameters and a batch, outputs
 * `masked`, `pair`, `pairAccuracy` and, for every parameter, `gradient.<name>`.
 *
 * @param names the parameters, as in `initialParameters`
 * @param pairWeight how much the pair loss counts beside the masked loss
 */
export function gradientFunction(config: EncoderConfig, names: readonly string[], pairWeight: number): TensorFunction {
  return (inputs) => {
    const kept: NamedTensors = {}; // beyond the gradient's own scope
    const loss = (...parameters: tf.Tensor[]) => {
      const weights = Object.fromEntries(names.map((name, i) => [name, parameters[i]]));
      const { masked, pair, pairAccuracy } = pretrainingLoss(weights, config, inputs);
      Object.assign(kept, { masked: tf.keep(masked), pair: tf.keep(pair), pairAccuracy: tf.keep(pairAccuracy) });
      return tf.add(masked, tf.mul(pair, pairWeight)) as tf.Scalar;
    };
    const { grads } = tf.valueAndGrads(loss)(names.map((name) => inputs[name]));
    const reported = Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, tf.clone(value)]));
    tf.dispose(kept);
    return { ...reported, ...Object.fromEntries(names.map((name, i) => [`gradient.${name}`, grads[i]])) };
  };
}

/** Losses of one batch without gradients, for held-out text: outputs `masked`, `pair`, `pairAccuracy`. */
export function lossFunction(config: EncoderConfig): TensorFunction {
  return (inputs) => ({ ...pretrainingLoss(inputs, config, inputs) });
}
