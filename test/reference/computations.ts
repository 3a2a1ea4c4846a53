import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { type ClassifierPlan, classify } from "#src/adapters/classify.js";
import { headCheckpointName } from "#src/encoder/checkpoint-names.js";
import type { Encoder } from "#src/encoder/encoder.js";
import { forward } from "#src/encoder/forward.js";
import { classificationLogits, headInput, maskedLmLogits, standardHead, under } from "#src/encoder/heads.js";
import { compile } from "#src/engine/compile.js";
import { valueAndGradients } from "#src/engine/gradients.js";
import { crossEntropy } from "#src/engine/ops.js";
import { float32, type NamedTensorData, type NamedTensors, type TensorData } from "#src/engine/tensor-data.js";
import { type AdamwSettings, adamwDefaults, biasCorrections } from "#src/training/adamw.js";
import { batchOf, prefixed, trainingStep } from "#src/training/step.js";

type Task = (
  weights: NamedTensors,
  heads: NamedTensors,
  inputs: NamedTensors,
) => { logits: tf.Tensor; loss: tf.Tensor };

/** Classification by the checkpoint's own head; `labels` among the inputs. */
export function classificationTask(encoder: Encoder): Task {
  const head = standardHead(encoder.config.family);
  return (weights, heads, inputs) => {
    const output = forward(weights, encoder.config, batchOf(inputs));
    const logits = classificationLogits(under(heads, "classifier"), head, headInput(head, output));
    return { logits, loss: tf.mean(crossEntropy(logits, inputs.labels)) };
  };
}

/** Masked words by the checkpoint's own head; `labels` among the inputs, below 0 where nothing is asked. */
export function maskedWordTask(encoder: Encoder): Task {
  return (weights, heads, inputs) => {
    const output = forward(weights, encoder.config, batchOf(inputs));
    const logits = maskedLmLogits(weights, heads, encoder.config, output.lastHiddenState);
    const labels = tf.reshape(inputs.labels, [-1]);
    const counted = tf.cast(tf.greaterEqual(labels, tf.scalar(0, "int32")), "float32");
    const rows = tf.reshape(logits, [-1, encoder.config.vocabSize]);
    const losses = crossEntropy(rows, tf.maximum(labels, tf.scalar(0, "int32")));
    return { logits, loss: tf.div(tf.sum(tf.mul(losses, counted)), tf.sum(counted)) };
  };
}

/** `logits`, `loss` and, by the library's names, `gradient/<parameter>` of every weight of the encoder and its heads. */
export function lossAndGradients(encoder: Encoder, task: Task, inputs: NamedTensorData): NamedTensorData {
  const { family } = encoder.config;
  const weights = { ...encoder.weights, ...prefixed("heads", encoder.heads) };
  // The pooler has no part in a loss that does not read it.
  const pooled = standardHead(family).input === "pooled" && encoder.heads["classifier.out.weight"];
  const parameters = Object.fromEntries(Object.entries(weights).filter(([name]) => pooled || !/^pooler/.test(name)));
  const theirs = (name: string) =>
    name.startsWith("heads.") ? headCheckpointName(family, name.slice("heads.".length)) : `${family}.${name}`;
  return runOnce({ ...prefixed("parameter", parameters), ...inputs }, (named) => {
    let logits: tf.Tensor | undefined;
    const { value, gradients } = valueAndGradients(
      (tensors) => {
        const result = task(tensors, under(tensors, "heads"), named);
        logits = tf.keep(result.logits);
        return result.loss;
      },
      under(named, "parameter"),
    );
    const byTheirName = Object.entries(gradients).map(([name, gradient]) => [`gradient/${theirs(name)}`, gradient]);
    return { loss: value, logits: logits as tf.Tensor, ...(Object.fromEntries(byTheirName) as NamedTensors) };
  });
}

/** Logits and loss of a classifier. */
export function logitsAndLoss(plan: ClassifierPlan, parameters: NamedTensorData, batch: NamedTensorData) {
  return runOnce({ ...prefixed("parameter", parameters), ...batch }, (inputs) => {
    const logits = classify(plan, under(inputs, "parameter"), batchOf(inputs));
    return { logits, loss: tf.mean(crossEntropy(logits, inputs.labels)) };
  });
}

/** Gradients of the loss by every parameter and by the word embeddings. */
export function classifierGradients(plan: ClassifierPlan, parameters: NamedTensorData, batch: NamedTensorData) {
  const [rows, time] = batch.inputIds.shape;
  const zero = float32([rows, time, plan.encoder.config.hiddenSize]);
  return runOnce({ ...prefixed("parameter", { ...parameters, wordEmbeddings: zero }), ...batch }, (inputs) => {
    const loss = ({ wordEmbeddings, ...tensors }: NamedTensors) => {
      const shifted = (embedded: tf.Tensor) => tf.add(embedded, wordEmbeddings);
      const logits = classify(plan, tensors, batchOf(inputs), { wordEmbeddings: shifted });
      return tf.mean(crossEntropy(logits, inputs.labels));
    };
    return valueAndGradients(loss, under(inputs, "parameter")).gradients;
  });
}

/** Steps of AdamW on one batch: the loss before each, and the parameters after all. */
export function trainOnOneBatch(
  plan: ClassifierPlan,
  start: NamedTensorData,
  batch: NamedTensorData,
  { steps, learningRate, settings = adamwDefaults }: { steps: number; learningRate: number; settings?: AdamwSettings },
) {
  const zeros = Object.fromEntries(Object.entries(start).map(([name, { shape }]) => [name, float32(shape)]));
  const step = trainingStep(plan, settings);
  let state = { ...prefixed("parameter", start), ...prefixed("first", zeros), ...prefixed("second", zeros) };
  const losses: number[] = [];
  for (let t = 1; t <= steps; t++) {
    const { correction1, correction2 } = biasCorrections(settings, t);
    const rates = {
      learningRate: scalar(learningRate),
      correction1: scalar(correction1),
      correction2: scalar(correction2),
    };
    const { loss, ...next } = step.run({ ...state, ...batch, ...rates });
    losses.push(loss.data[0]);
    state = next;
  }
  step.forget();
  return { losses, parameters: under(state, "parameter") };
}

/** Runs a function of named tensors once; on the onnx backend it must have been captured whole. */
export function runOnce(inputs: NamedTensorData, fn: (inputs: NamedTensors) => NamedTensors): NamedTensorData {
  const compiled = compile(fn);
  const result = compiled.run(inputs);
  if (tf.getBackend() === "onnx") assert.equal(compiled.how, "captured as an ONNX graph");
  compiled.dispose();
  return result;
}

function scalar(value: number): TensorData {
  return float32([], Float32Array.of(value));
}
