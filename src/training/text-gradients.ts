import tf = require("@tensorflow/tfjs");

import type { Adapter } from "../adapters/adapter.js";
import { tokenInputs } from "../adapters/classifier-runner.js";
import { classify } from "../adapters/classify.js";
import { requireKind } from "../adapters/fit.js";
import type { Head } from "../adapters/head.js";
import type { Example } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import { under } from "../encoder/heads.js";
import { compile } from "../engine/compile.js";
import { valueAndGradients } from "../engine/gradients.js";
import { crossEntropy } from "../engine/ops.js";
import { float32, int32, type NamedTensorData } from "../engine/tensor-data.js";
import { batchesByLength } from "../text/batching.js";
import type { EvaluateOptions } from "./evaluate.js";
import { encodeExamples } from "./examples.js";
import { batchOf, prefixed } from "./step.js";

/**
 * What gradients are taken of: the cross-entropy with the label, or the entropy of the prediction, which asks for no label.
 * In nats.
 */
export type TextLoss = "crossEntropy" | "entropy";

/** How gradients on texts are taken. */
export interface TextGradientOptions extends EvaluateOptions {
  /** `crossEntropy` by default. */
  loss?: TextLoss;
}

/** The mean loss of a classifier on some texts, and its gradient with respect to the adapter's tensors, by their names. */
export interface TextGradients {
  loss: number;
  gradients: NamedTensorData;
}

/**
 * The mean loss of an adapter with a head on some texts, and its gradient with respect to every tensor of the adapter; the
 * head and the encoder are held fast.
 *
 * @throws if there is no text, or adapter or head do not fit the encoder
 */
export function textGradients(
  encoder: Encoder,
  classifier: { adapter: Adapter; head: Head },
  examples: readonly Example[],
  options: TextGradientOptions = {},
): TextGradients {
  if (examples.length === 0) throw new Error("A gradient on texts needs at least one text.");
  const total: Sums = {};
  let loss = 0;
  for (const part of eachTextGradient(encoder, classifier, examples, options)) {
    loss += part.loss / examples.length;
    addUp(total, part.gradients, (slope) => slope / examples.length);
  }
  return { loss, gradients: summed(total, classifier.adapter) };
}

/**
 * Hg, the Hessian of the mean loss times its gradient, by the difference of two gradients a small step along g apart:
 * Hg ≈ ‖g‖·(∇L(θ + h·g/‖g‖) − ∇L(θ − h·g/‖g‖)) / 2h, with h a millionth of ‖θ‖, so
 * small that next to no unit of a ReLU goes on or off, which the Hessian knows nothing of.
 *
 * @throws as `textGradients`
 */
export function hessianGradient(
  encoder: Encoder,
  { adapter, head }: { adapter: Adapter; head: Head },
  examples: readonly Example[],
  options: TextGradientOptions = {},
): NamedTensorData {
  const { gradients } = textGradients(encoder, { adapter, head }, examples, options);
  const normOf = (tensors: NamedTensorData) => {
    let squares = 0;
    for (const { data } of Object.values(tensors)) for (const value of data) squares += value * value;
    return Math.sqrt(squares);
  };
  const [norm, step] = [normOf(gradients), 1e-6 * normOf(adapter.tensors)];
  const at = (by: number) => {
    const moved = Object.entries(adapter.tensors).map(([name, { shape, data }]) => [
      name,
      float32(
        shape.slice(),
        Float32Array.from(data, (value, i) => value + (by * gradients[name].data[i]) / (norm || 1)),
      ),
    ]);
    const there = { ...adapter, tensors: Object.fromEntries(moved) };
    return textGradients(encoder, { adapter: there, head }, examples, options).gradients;
  };
  const [above, below] = [at(step), at(-step)];
  return Object.fromEntries(
    Object.entries(above).map(([name, { shape, data }]) => {
      const product = Float32Array.from(data, (value, i) => (norm * (value - below[name].data[i])) / (2 * step));
      return [name, float32(shape.slice(), product)];
    }),
  );
}

/**
 * The diagonal of the Fisher information of an adapter on some texts, with the head held fast:
 * F = E_x E_{y~p(y|x)} (∂ log p(y|x) / ∂θ)², the inner mean over all labels by the classifier's own probabilities, so that
 * no label of the texts is used. Matena & Raffel (2022), arXiv 2111.09832, equation 4.
 *
 * @returns one number to each weight, by the names of the adapter's tensors
 * @throws as `textGradients`
 */
export function fisherInformation(
  encoder: Encoder,
  classifier: { adapter: Adapter; head: Head },
  examples: readonly Example[],
  options: EvaluateOptions = {},
): NamedTensorData {
  if (examples.length === 0) throw new Error("Fisher information needs at least one text.");
  const fisher: Sums = {};
  const labels = classifier.head.labels.map((_, label) => label);
  for (const example of examples) {
    for (const label of labels) {
      const one = { ...options, batchSize: 1 };
      const [{ loss, gradients }] = eachTextGradient(encoder, classifier, [{ ...example, label }], one);
      const probability = Math.exp(-loss); // the loss is −log p(y|x)
      addUp(fisher, gradients, (slope) => (probability * slope ** 2) / examples.length);
    }
  }
  return summed(fisher, classifier.adapter);
}

/** Sums in float64, by the names of tensors. */
type Sums = Record<string, Float64Array>;

function addUp(sums: Sums, gradients: NamedTensorData, term: (slope: number) => number): void {
  for (const [name, { data }] of Object.entries(gradients)) {
    sums[name] ??= new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) sums[name][i] += term(data[i]);
  }
}

/** Sums as tensors of an adapter's shapes. */
function summed(sums: Sums, { tensors }: Adapter): NamedTensorData {
  return Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => [name, float32(tensors[name].shape.slice(), new Float32Array(sum))]),
  );
}

/** Losses and gradients of one batch after another, each summed over the batch's texts. */
function* eachTextGradient(
  encoder: Encoder,
  { adapter, head }: { adapter: Adapter; head: Head },
  examples: readonly Example[],
  { batchSize = 32, maxLength = 128, loss = "crossEntropy" }: TextGradientOptions,
): Generator<TextGradients> {
  const plan = { encoder, adapter: adapter.config, head: head.config };
  requireKind(encoder, plan, { adapter, head }, "the gradient");
  const compiled = encoder.compiled(JSON.stringify(["gradients of texts", plan.adapter, plan.head, loss]), () =>
    compile(
      (inputs) => {
        const head = prefixed("head", under(inputs, "head"));
        const { value, gradients } = valueAndGradients(
          (tensors) => {
            const logits = classify(plan, { ...prefixed("adapter", tensors), ...head }, batchOf(inputs)); // [batch, classes]
            const losses = loss === "entropy" ? entropyOf(logits) : crossEntropy(logits, inputs.labels); // [batch]
            return tf.sum(tf.mul(losses, inputs.counted));
          },
          under(inputs, "adapter"),
        );
        return { loss: value, ...prefixed("gradient", gradients) };
      },
      { independentRows: [...tokenInputs, "labels", "counted"], outputs: "sums" },
    ),
  );
  const encodings = encodeExamples(encoder, examples, maxLength);
  const numbers = { ...prefixed("adapter", adapter.tensors), ...prefixed("head", head.tensors) };
  for (const { rows, batch } of batchesByLength(encodings, {
    batchSize,
    maxLength,
    padTokenId: encoder.config.padTokenId,
  })) {
    // rows beyond those of examples only fill the batch
    const size = batch.inputIds.shape[0];
    const labels = int32([size]);
    const counted = float32([size]);
    rows.forEach((example, row) => {
      labels.data[row] = examples[example].label;
      counted.data[row] = 1;
    });
    const result = compiled.run({ ...numbers, ...batch, labels, counted });
    yield { loss: result.loss.data[0], gradients: under(result, "gradient") };
  }
}

/** −Σ p log p of each row. [rows, classes] → [rows] */
function entropyOf(logits: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(tf.softmax(logits), tf.logSoftmax(logits)), -1));
}
