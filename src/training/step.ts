import * as tf from "@tensorflow/tfjs";
import { type ClassifierPlan, classify } from "../adapters/classify.js";
import { classificationLogits, type HeadConfig, under } from "../encoder/heads.js";
import { valueAndGradients } from "../engine/gradients.js";
import { crossEntropy } from "../engine/ops.js";
import type { NamedTensors } from "../engine/tensor-data.js";
import type { TensorFunction } from "../engine/tensor-function.js";
import { type AdamwSettings, adamwStep } from "./adamw.js";

/**
 * One training step of a classifier, as a function of named tensors that `compile` makes ready to run.
 *
 * Inputs: `parameter.…`, `first.…`, `second.…` (the trained numbers, named as by `classifierTensors`, and their Adam
 * moments), `inputIds`, `attentionMask`, `tokenTypeIds` [batch, time], `labels` [batch], the scalars `learningRate`,
 * `correction1`, `correction2`, and, for dropout, `headMask` [batch, hidden].
 * Outputs: the same `parameter.…`, `first.…`, `second.…` after the step, and `loss`, the mean cross-entropy before it.
 */
export function trainingStep(plan: ClassifierPlan, settings: AdamwSettings): TensorFunction {
  return stepOf((tensors, inputs) => classify(plan, tensors, batchOf(inputs), { headMask: inputs.headMask }), settings);
}

/** The same for a head alone, which takes `features` [batch, hidden], what it reads of the frozen encoder, for tokens. */
export function headStep(head: HeadConfig, settings: AdamwSettings): TensorFunction {
  return stepOf((tensors, { features, headMask }) => {
    return classificationLogits(under(tensors, "head"), head, headMask ? features.mul(headMask) : features);
  }, settings);
}

function stepOf(
  logitsOf: (tensors: NamedTensors, inputs: NamedTensors) => tf.Tensor,
  settings: AdamwSettings,
): TensorFunction {
  return (inputs) => {
    const parameters = under(inputs, "parameter");
    const { value: loss, gradients } = valueAndGradients(
      (tensors) => tf.mean(crossEntropy(logitsOf(tensors, inputs), inputs.labels)),
      parameters,
    );
    const moments = { first: under(inputs, "first"), second: under(inputs, "second") };
    const { learningRate, correction1, correction2 } = inputs;
    const rates = { learningRate, correction1, correction2 };
    const updated = adamwStep(settings, parameters, gradients, moments, rates);
    return {
      ...prefixed("parameter", updated.parameters),
      ...prefixed("first", updated.moments.first),
      ...prefixed("second", updated.moments.second),
      loss,
    };
  };
}

/** The token tensors among a compiled function's inputs. */
export function batchOf(inputs: NamedTensors) {
  return { inputIds: inputs.inputIds, attentionMask: inputs.attentionMask, tokenTypeIds: inputs.tokenTypeIds };
}

/** The same values, each named `prefix.<name>`. */
export function prefixed<T>(prefix: string, values: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
}
