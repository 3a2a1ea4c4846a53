import tf = require("@tensorflow/tfjs");

import { attention, layerNorm, linear } from "../engine/ops.js";
import { float32, type NamedTensorData, type NamedTensors, type TensorData } from "../engine/tensor-data.js";
import type { TokenBatch } from "../text/batching.js";

/** Most tokens of a text that the published graph reads. */
export const universalSentenceTokens = 128;
/** Length of a sentence's vector. */
export const universalSentenceSize = 512;

const heads = 4;
const epsilon = 1e-6;
const layers = ["Layer_0", "Layer_1"] as const;

/**
 * The weights under short names, matrices turned to [out, in].
 * @param graph weights by their names in the published graph
 */
export function universalSentenceWeights(graph: NamedTensorData): NamedTensorData {
  const stack = "module_apply_default/Encoder_en/KonaTransformer/Encode";
  const trained = "module/Encoder_en";
  const find = (name: string) => {
    const found = graph[name];
    if (!found) throw new Error(`The graph of the Universal Sentence Encoder lacks "${name}".`);
    return found;
  };
  const matrix = (name: string, from: TensorData) => ({ [`${name}.weight`]: transposed(from) });
  const named: NamedTensorData = {
    embeddings: find("module/Embeddings_en"),
    frequencies: find(`${stack}/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`),
    "sentence.bias": find(`${trained}/hidden_layers/tanh_layer_0/bias`),
    ...matrix("sentence", find(`${trained}/hidden_layers/tanh_layer_0/weights`)),
    "Layer_0.residual.bias": find(`${stack}/Layer_0/TransformerLayer/dense/bias/ConcatPartitions/concat`),
    ...matrix("Layer_0.residual", find(`${stack}/Layer_0/TransformerLayer/dense/kernel/ConcatPartitions/concat`)),
  };
  for (const layer of layers) {
    const own = `${stack}/${layer}/TransformerLayer`;
    const kernels = `${trained}/KonaTransformer/Encode/${layer}/TransformerLayer/MultiheadAttention`;
    const tensordot = `${stack}/TransformerStack/${layer}/TransformerLayer/FFN`;
    for (const [name, part] of [
      ["norm", "layer_prepostprocess"],
      ["feedForward.norm", "FFN/layer_prepostprocess"],
    ]) {
      named[`${layer}.${name}.gain`] = find(`${own}/${part}/layer_norm/layer_norm_scale/ConcatPartitions/concat`);
      named[`${layer}.${name}.bias`] = find(`${own}/${part}/layer_norm/layer_norm_bias/ConcatPartitions/concat`);
    }
    for (const [name, part] of [
      ["queryKeyValue", "qkv_transform_single"],
      ["output", "output_transform_single"],
    ]) {
      Object.assign(named, matrix(`${layer}.${name}`, find(`${kernels}/${part}/kernel/part_0`)));
      named[`${layer}.${name}.bias`] = find(`${own}/MultiheadAttention/${part}/bias/ConcatPartitions/concat`);
    }
    for (const [name, part] of [
      ["up", "conv1"],
      ["down", "conv2"],
    ]) {
      Object.assign(named, matrix(`${layer}.${name}`, find(`${tensordot}/${part}/Tensordot/Reshape_1`)));
      named[`${layer}.${name}.bias`] = find(`${own}/FFN/${part}/bias/ConcatPartitions/concat`);
    }
  }
  return named;
}

/**
 * The Universal Sentence Encoder "lite" (Cer et al. 2018, arXiv 1803.11175): a Transformer of two layers, normalised
 * before each part, the mean over tokens through one tanh layer, and each vector brought to length 1. As in the
 * published graph, the embedding enters twice beside the timing signal, and the first layer widens 256 to 512.
 *
 * @param weights as {@link universalSentenceWeights} names them
 * @returns [batch, 512]
 */
export function universalSentenceForward(
  weights: NamedTensors,
  { inputIds, attentionMask }: Record<keyof TokenBatch, tf.Tensor>,
): tf.Tensor {
  const [batch, time] = inputIds.shape as [number, number];
  const mask = tf.cast(attentionMask, "float32"); // [batch, time]
  const bias = tf.mul(tf.sub(1, mask), -1e9).reshape([batch, 1, 1, time]);
  const full = (x: tf.Tensor, name: string) => linear(x, weights[`${name}.weight`], weights[`${name}.bias`]);
  const norm = (x: tf.Tensor, name: string) => layerNorm(x, weights[`${name}.gain`], weights[`${name}.bias`], epsilon);

  const embedded = tf.gather(weights.embeddings, inputIds); // [batch, time, 256]
  const angles = tf.mul(tf.range(0, time).expandDims(1), weights.frequencies); // [time, 128]
  const timing = tf.concat([tf.sin(angles), tf.cos(angles)], 1); // [time, 256]
  let x: tf.Tensor = tf.add(tf.mul(embedded, 2), timing);
  for (const layer of layers) {
    const residual = layer === "Layer_0" ? full(x, "Layer_0.residual") : x; // [batch, time, 512]
    const normed = norm(x, `${layer}.norm`);
    const [query, key, value] = tf.split(full(normed, `${layer}.queryKeyValue`), 3, 2).map((part) => byHead(part));
    const mixed = attention(query, key, value, bias); // [batch, heads, time, headDim]
    const joined = tf.transpose(mixed, [0, 2, 1, 3]).reshape([batch, time, -1]);
    x = tf.add(full(joined, `${layer}.output`), residual); // [batch, time, 512]
    const wide = tf.relu(full(norm(x, `${layer}.feedForward.norm`), `${layer}.up`)); // [batch, time, 1536]
    x = tf.add(full(wide, `${layer}.down`), x);
  }
  const kept = mask.expandDims(2); // [batch, time, 1]
  const mean = tf.div(tf.sum(tf.mul(x, kept), 1), tf.maximum(tf.sum(kept, 1), 1)); // [batch, 512]
  const sentence = tf.tanh(full(mean, "sentence"));
  const squares = tf.sum(tf.square(sentence), 1, true); // [batch, 1]
  return tf.mul(sentence, tf.rsqrt(tf.maximum(squares, 1e-12)));
}

/** [batch, time, size] as [batch, heads, time, size / heads]. */
function byHead(x: tf.Tensor): tf.Tensor {
  const [batch, time, size] = x.shape as [number, number, number];
  return tf.transpose(tf.reshape(x, [batch, time, heads, size / heads]), [0, 2, 1, 3]);
}

/** A matrix [..., in, out], its leading axes of length 1, as [out, in]. */
function transposed({ shape, data }: TensorData): TensorData {
  const [rows, columns] = shape.slice(-2);
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column];
  }
  return float32([columns, rows], turned);
}
