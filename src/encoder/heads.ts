import tf = require("@tensorflow/tfjs");

import { layerNorm, linear } from "../engine/ops.js";
import type { NamedTensors } from "../engine/tensor-data.js";
import type { EncoderConfig, EncoderFamily } from "./config.js";
import { activate, type EncoderOutput, firstToken } from "./forward.js";

/** How a classification head reads an encoder. */
export interface HeadConfig {
  /** The first token's last hidden state, or the pooler's output. */
  input: "firstToken" | "pooled";
  /** 1: one matrix. 2: a square matrix, a non-linearity and one matrix. */
  layers: 1 | 2;
  /** Between the two matrices; without effect where there is one. */
  activation: "tanh" | "relu";
}

/** The head that Hugging Face's `…ForSequenceClassification` puts on each family. */
export function standardHead(family: EncoderFamily): HeadConfig {
  if (family === "bert") return { input: "pooled", layers: 1, activation: "tanh" };
  return { input: "firstToken", layers: 2, activation: family === "roberta" ? "tanh" : "relu" };
}

/** What a head reads of an encoder's output. [batch, hidden] */
export function headInput(config: HeadConfig, output: EncoderOutput): tf.Tensor {
  if (config.input === "firstToken") return firstToken(output.lastHiddenState);
  if (!output.pooled) {
    throw new Error(
      "The head reads the pooler's output, but the encoder has no pooler; use a head on the first token.",
    );
  }
  return output.pooled;
}

/**
 * Logits of a classification head, W₂ act(W₁ x + b₁) + b₂, or W₂ x + b₂ with one matrix.
 *
 * @param tensors `out.weight` [classes, hidden], `out.bias`; with two layers also `dense.weight` [hidden, hidden], `dense.bias`
 * @param input [batch, hidden]
 * @returns [batch, classes]
 */
export function classificationLogits(tensors: NamedTensors, config: HeadConfig, input: tf.Tensor): tf.Tensor {
  let x = input;
  if (config.layers === 2) {
    const inner = linear(x, tensors["dense.weight"], tensors["dense.bias"]); // [batch, hidden]
    x = config.activation === "relu" ? tf.relu(inner) : tf.tanh(inner);
  }
  return linear(x, tensors["out.weight"], tensors["out.bias"]);
}

/**
 * Logits of the masked-language-model head: LayerNorm(act(W h + b)) Eᵀ + c, E the word embeddings unless the
 * checkpoint has a decoder of its own.
 *
 * @param heads `mlm.dense.…`, `mlm.norm.…`, `mlm.bias`, and `mlm.decoder.weight` if it is not tied
 * @param hidden [..., hidden]
 * @returns [..., vocabulary]
 */
export function maskedLmLogits(
  weights: NamedTensors,
  heads: NamedTensors,
  config: EncoderConfig,
  hidden: tf.Tensor,
): tf.Tensor {
  const dense = linear(hidden, heads["mlm.dense.weight"], heads["mlm.dense.bias"]);
  // RoBERTa's head has GELU whatever the encoder has.
  const active = activate(config.family === "roberta" ? "gelu" : config.activation, dense);
  const norm = layerNorm(active, heads["mlm.norm.weight"], heads["mlm.norm.bias"], config.layerNormEpsilon);
  const decoder = heads["mlm.decoder.weight"] ?? weights["embeddings.word_embeddings.weight"]; // [vocabulary, hidden]
  return linear(norm, decoder, heads["mlm.bias"]);
}

/** Tensors whose name begins with `prefix.`, by the rest of their name. */
export function under<T>(tensors: Record<string, T>, prefix: string): Record<string, T> {
  const start = `${prefix}.`;
  const matching = Object.entries(tensors).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(matching.map(([name, value]) => [name.slice(start.length), value]));
}
