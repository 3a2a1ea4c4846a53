import tf = require("@tensorflow/tfjs");

import { fusedGelu, fusedLayerNorm, hasFused } from "./fused.js";

/**
 * y = x Wᵀ + b, with W stored [out, in] as PyTorch does.
 *
 * @param x [..., in]
 * @param weight [out, in]
 * @param bias [out]
 * @returns [..., out]
 */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const [outSize, inSize] = weight.shape;
  const rows = tf.reshape(x, [-1, inSize]); // [rows, in]
  const product = tf.matMul(rows as tf.Tensor2D, weight as tf.Tensor2D, false, true); // [rows, out]
  const shifted = bias ? tf.add(product, bias) : product; // [rows, out]
  return tf.reshape(shifted, [...x.shape.slice(0, -1), outSize]);
}

/**
 * Layer normalisation over the last axis: γ (x − μ)/√(σ² + ε) + β, σ² the biased variance (Ba et al. 2016).
 *
 * @param x [..., hidden]
 * @param gain γ [hidden]
 * @param bias β [hidden]
 */
export function layerNorm(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor {
  if (hasFused("FusedLayerNorm")) return fusedLayerNorm(x, gain, bias, epsilon);
  const { mean, variance } = tf.moments(x, -1, true);
  const normalised = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normalised, gain), bias);
}

/** GELU(x) = x Φ(x) in its exact form, ½ x (1 + erf(x/√2)) (Hendrycks & Gimpel 2016). */
export function gelu(x: tf.Tensor): tf.Tensor {
  if (hasFused("FusedGelu")) return fusedGelu(x);
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/**
 * Scaled dot-product attention: softmax(q kᵀ/√headDim + bias) v (Vaswani et al. 2017, equation 1).
 *
 * @param query [batch, heads, queries, headDim]
 * @param key [batch, heads, time, headDim]; `value` likewise
 * @param bias added to the scores, 0 where a key may be seen and very negative where not; [batch, 1, 1, time]
 * @returns [batch, heads, queries, headDim]
 */
export function attention(query: tf.Tensor, key: tf.Tensor, value: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const headDim = query.shape[query.shape.length - 1];
  const scaled = tf.mul(query, 1 / Math.sqrt(headDim)); // costs nothing in a captured product
  const scores = tf.matMul(scaled, key, false, true); // [batch, heads, queries, time]
  const weights = tf.softmax(tf.add(scores, bias)); // [batch, heads, queries, time]
  return tf.matMul(weights, value);
}

/**
 * Cross-entropy of each row, −log softmax(logits)[label], computed from the log-softmax so that no row overflows.
 *
 * @param logits [rows, classes]
 * @param labels int32 [rows]
 * @returns [rows]
 */
export function crossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const classes = logits.shape[1] as number;
  const chosen = tf.oneHot(tf.cast(labels, "int32"), classes); // [rows, classes]
  return tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), tf.cast(chosen, "float32")), -1));
}
