import tf = require("@tensorflow/tfjs");

import { attention, gelu, layerNorm, linear } from "../engine/ops.js";
import { isCapturing } from "../engine/symbolic.js";
import type { NamedTensors } from "../engine/tensor-data.js";
import type { EncoderConfig } from "./config.js";
import type { LayerHooks, LinearName, SubLayer } from "./hooks.js";

/** One batch of token ids. */
export interface TokenTensors {
  /** int32 [batch, time] */
  inputIds: tf.Tensor;
  /** 1 for a token, 0 for padding. [batch, time] */
  attentionMask: tf.Tensor;
  /** Segment of each token; zeros where absent. int32 [batch, time] */
  tokenTypeIds?: tf.Tensor;
}

/** How to run an encoder. */
export interface ForwardOptions {
  /** An adapter's hooks; without them, the frozen encoder. */
  adapter?: LayerHooks;
  /** Computes the last layer for the first token alone, all that a head reads. Its state is the same, for less work. */
  firstTokenOnly?: boolean;
}

/** What an encoder computes. */
export interface EncoderOutput {
  /** Output of the last layer. [batch, time, hidden], or [batch, 1, hidden] where only the first token was asked for. */
  lastHiddenState: tf.Tensor;
  /** The embedding output, then the output of each layer. Each [batch, time, hidden]. */
  hiddenStates: tf.Tensor[];
  /** tanh of a dense layer on the first token, where the checkpoint has one. [batch, hidden] */
  pooled?: tf.Tensor;
}

/**
 * The forward pass of BERT (Devlin et al. 2019), RoBERTa (Liu et al. 2019) and DistilBERT (Sanh et al. 2019), post-norm.
 *
 * @param weights tensors by their Hugging Face BERT name, without prefix (`embeddings.…`, `encoder.layer.N.…`, `pooler.…`)
 */
export function forward(
  weights: NamedTensors,
  config: EncoderConfig,
  batch: TokenTensors,
  options: ForwardOptions = {},
): EncoderOutput {
  const hooks = options.adapter ?? {};
  const bias = attentionBias(batch.attentionMask); // [batch, 1, 1, time]
  let hidden = embed(weights, config, batch, hooks); // [batch, time, hidden]
  const hiddenStates = [hidden];
  for (let layer = 0; layer < config.layers; layer++) {
    const firstOnly = options.firstTokenOnly === true && layer === config.layers - 1;
    hidden = encoderLayer(weights, config, layer, hidden, bias, hooks, firstOnly);
    hiddenStates.push(hidden);
  }
  return { lastHiddenState: hidden, hiddenStates, pooled: pool(weights, hidden) };
}

/** The hidden state of the first token. [batch, time, hidden] → [batch, hidden] */
export function firstToken(hidden: tf.Tensor): tf.Tensor {
  const [batch, , size] = hidden.shape;
  return tf.reshape(sliceFirst(hidden), [batch, size]);
}

/** [batch, time, hidden] → [batch, 1, hidden] */
function sliceFirst(hidden: tf.Tensor): tf.Tensor {
  const [batch, time, size] = hidden.shape;
  return time === 1 ? hidden : tf.slice(hidden, [0, 0, 0], [batch, 1, size]);
}

/** 0 where a key is a token, −1e9 where it is padding, to be added to attention scores. [batch, 1, 1, time] */
function attentionBias(mask: tf.Tensor): tf.Tensor {
  const [batch, time] = mask.shape;
  return tf.mul(tf.sub(tf.reshape(tf.cast(mask, "float32"), [batch, 1, 1, time]), 1), 1e9);
}

function pool(weights: NamedTensors, hidden: tf.Tensor): tf.Tensor | undefined {
  const weight = weights["pooler.dense.weight"];
  return weight && tf.tanh(linear(firstToken(hidden), weight, weights["pooler.dense.bias"]));
}

function embed(weights: NamedTensors, config: EncoderConfig, batch: TokenTensors, hooks: LayerHooks): tf.Tensor {
  const [rows, time] = batch.inputIds.shape as [number, number];
  if (time + positionOffset(config) > config.maxPositions) {
    const longest = config.maxPositions - positionOffset(config);
    throw new Error(`A batch of ${time} tokens is longer than the encoder's ${longest} positions; truncate the texts.`);
  }
  const looked = tf.gather(weights["embeddings.word_embeddings.weight"], batch.inputIds); // [batch, time, hidden]
  let sum = hooks.wordEmbeddings ? hooks.wordEmbeddings(looked) : looked;
  const types = weights["embeddings.token_type_embeddings.weight"];
  if (types) {
    // RoBERTa has one segment, whatever a tokenizer says.
    const given = config.typeVocabSize > 1 ? batch.tokenTypeIds : undefined;
    const typeIds = given ?? tf.zeros([rows, time], "int32");
    sum = tf.add(sum, tf.gather(types, typeIds));
  }
  sum = tf.add(sum, positionEmbeddings(weights["embeddings.position_embeddings.weight"], config, batch));
  return layerNorm(
    sum,
    weights["embeddings.LayerNorm.weight"],
    weights["embeddings.LayerNorm.bias"],
    config.layerNormEpsilon,
  );
}

/** RoBERTa's first token sits at position padTokenId + 1, the others' at 0. */
function positionOffset(config: EncoderConfig): number {
  return config.family === "roberta" ? config.padTokenId + 1 : 0;
}

/** [1, time, hidden], or [batch, time, hidden] where padding has a position of its own (RoBERTa). */
function positionEmbeddings(table: tf.Tensor, config: EncoderConfig, batch: TokenTensors): tf.Tensor {
  const time = batch.inputIds.shape[1] as number;
  if (config.family !== "roberta") return tf.expandDims(tf.slice(table, [0, 0], [time, config.hiddenSize]), 0);
  // Positions count non-pad tokens from padTokenId + 1; pads keep padTokenId.
  const counted = tf.cast(tf.notEqual(batch.inputIds, tf.scalar(config.padTokenId, "int32")), "float32");
  const positions = tf.add(tf.mul(tf.cumsum(counted, 1), counted), config.padTokenId); // [batch, time]
  return tf.gather(table, tf.cast(positions, "int32"));
}

function encoderLayer(
  weights: NamedTensors,
  config: EncoderConfig,
  layer: number,
  input: tf.Tensor,
  bias: tf.Tensor,
  hooks: LayerHooks,
  firstOnly: boolean,
): tf.Tensor {
  const prefix = `encoder.layer.${layer}`;
  const [batch, time, size] = input.shape;
  const asking = firstOnly ? sliceFirst(input) : input; // [batch, queries, hidden], queries = 1 or time
  const queries = asking.shape[1] as number;
  const headDim = size / config.heads;
  const apply: ApplyLinear = (name, key, x, change = (weight, bias) => [weight, bias]) => {
    const y = linear(x, ...change(weights[`${prefix}.${key}.weight`], weights[`${prefix}.${key}.bias`]));
    return hooks.linear ? hooks.linear(name, layer, x, y) : y;
  };
  const norm = (key: string) => (x: tf.Tensor) =>
    layerNorm(x, weights[`${prefix}.${key}.weight`], weights[`${prefix}.${key}.bias`], config.layerNormEpsilon);
  const split = (x: tf.Tensor, length: number) =>
    tf.transpose(tf.reshape(x, [batch, length, config.heads, headDim]), [0, 2, 1, 3]);

  const query = split(apply("query", "attention.self.query", asking), queries); // [batch, heads, queries, headDim]
  const key = split(apply("key", "attention.self.key", input), time); // [batch, heads, time, headDim]
  const value = split(apply("value", "attention.self.value", input), time); // [batch, heads, time, headDim]
  const mixed = tf.transpose(attention(query, key, value, bias), [0, 2, 1, 3]); // [batch, queries, heads, headDim]
  const attended = finish(
    {
      hidden: apply("attentionOutput", "attention.output.dense", tf.reshape(mixed, [batch, queries, size])),
      input: asking,
      norm: norm("attention.output.LayerNorm"),
    },
    hooks.afterAttention && ((at) => hooks.afterAttention!(layer, at)),
  ); // [batch, queries, hidden]

  return finish(
    { hidden: feedForward(config, apply, hooks, attended), input: attended, norm: norm("output.LayerNorm") },
    hooks.afterFeedForward && ((at) => hooks.afterFeedForward!(layer, at)),
  ); // [batch, queries, hidden]
}

/** Runs one matrix of a layer, and the hook on it; `change` gives another weight and bias in their place. */
type ApplyLinear = (
  name: LinearName,
  key: string,
  x: tf.Tensor,
  change?: (weight: tf.Tensor, bias: tf.Tensor) => [weight: tf.Tensor, bias: tf.Tensor],
) => tf.Tensor;

/** Rows of so many numbers, 4 KB, fall on the same lines of a first-level cache. */
const ALIASED = 1024;

/** W₂ act(W₁ x + b₁) + b₂. [.., hidden] */
function feedForward(config: EncoderConfig, apply: ApplyLinear, hooks: LayerHooks, x: tf.Tensor): tf.Tensor {
  const changed =
    hooks.linear && (hooks.matrices?.some((name) => name === "intermediate" || name === "output") ?? true);
  // In a graph the matrices are padded once: 16 units more whose weights are all zero, so that a row no longer takes the
  // place of the one before it. act(0) = 0 for every activation there is.
  const spare = isCapturing() && !changed && config.intermediateSize % ALIASED === 0 ? 16 : 0;
  const inner = apply("intermediate", "intermediate.dense", x, (weight, bias) => [
    padded(weight, [0, spare], [0, 0]),
    padded(bias, [0, spare]),
  ]); // [.., intermediate]
  const active = activate(config.activation, inner);
  return apply("output", "output.dense", active, (weight, bias) => [padded(weight, [0, 0], [0, spare]), bias]);
}

function padded(x: tf.Tensor, ...paddings: [number, number][]): tf.Tensor {
  return paddings.every(([before, after]) => before + after === 0) ? x : tf.pad(x, paddings);
}

function finish(at: SubLayer, hook?: (at: SubLayer) => tf.Tensor): tf.Tensor {
  return hook ? hook(at) : at.norm(tf.add(at.hidden, at.input));
}

/** The non-linearity of the feed-forward sub-layer. */
export function activate(activation: EncoderConfig["activation"], x: tf.Tensor): tf.Tensor {
  if (activation === "relu") return tf.relu(x);
  if (activation === "gelu") return gelu(x);
  // ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))
  const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}
