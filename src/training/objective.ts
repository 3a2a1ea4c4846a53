import type * as tf from "@tensorflow/tfjs";
import { type ClassifierPlan, classify } from "../adapters/classify.js";
import { classificationLogits, under } from "../encoder/heads.js";
import { crossEntropy } from "../engine/ops.js";
import type { NamedTensorData, NamedTensors } from "../engine/tensor-data.js";

/** What training makes small, for one kind of task: a loss of each row of a batch. */
export interface Objective {
  /** Names the functions that are compiled for it. */
  name: string;
  /** The inputs that say what a row should give, one row of each for a text. */
  targets: readonly string[];
  /**
   * What an encoder with an adapter and a head gives for a batch: `inputIds`, `attentionMask`, `tokenTypeIds` [batch, time], or
   * `features` [batch, hidden] for a head alone, and `headMask` [batch, hidden] for dropout.
   *
   * @param tensors `adapter.<name>` and `head.<name>`
   */
  outputs(plan: ClassifierPlan, tensors: NamedTensors, inputs: NamedTensors): tf.Tensor;
  /** The loss of each row. [batch] */
  losses(outputs: tf.Tensor, inputs: NamedTensors): tf.Tensor;
  /** What the sum of the losses is divided by. */
  count(inputs: NamedTensorData): number;
}

/** One of several labels: `labels` [batch], cross-entropy. */
export const classification: Objective = {
  name: "classification",
  targets: ["labels"],
  outputs(plan, tensors, { features, headMask, inputIds, attentionMask, tokenTypeIds }) {
    if (!features) return classify(plan, tensors, { inputIds, attentionMask, tokenTypeIds }, { headMask });
    return classificationLogits(under(tensors, "head"), plan.head, headMask ? features.mul(headMask) : features);
  },
  losses: (logits, { labels }) => crossEntropy(logits, labels),
  count: ({ labels }) => labels.shape[0],
};
