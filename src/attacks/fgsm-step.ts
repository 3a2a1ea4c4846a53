import tf = require("@tensorflow/tfjs");

import { type ClassifierPlan, classify } from "../adapters/classify.js";
import { under } from "../encoder/heads.js";
import { compile } from "../engine/compile.js";
import { valueAndGradients } from "../engine/gradients.js";
import { crossEntropy } from "../engine/ops.js";
import { float32, type NamedTensorData, type TensorData } from "../engine/tensor-data.js";
import type { TokenBatch } from "../text/batching.js";
import { batchOf, prefixed } from "../training/step.js";

/** The two halves of FGSM on batches of one kind of classifier, each compiled once for each shape. */
export interface FgsmStep {
  /**
   * sign(∇ₑ loss) at the word-embedding output, 0 where a token is not perturbed.
   *
   * @param parameters as `classifierTensors` gives them
   * @param labels int32 [batch]
   * @param perturb 1 for tokens that may be changed, [batch, time]; padding never may
   * @returns [batch, time, hidden]
   */
  direction(parameters: NamedTensorData, batch: TokenBatch, labels: TensorData, perturb: TensorData): TensorData;
  /**
   * Logits with the word embeddings moved to e + step · direction.
   *
   * @param direction [batch, time, hidden]
   * @param step length of the step, in the numbers of the embedding table
   * @returns [batch, classes]
   */
  logits(parameters: NamedTensorData, batch: TokenBatch, direction: TensorData, step: number): TensorData;
  /** Frees the compiled functions. */
  dispose(): void;
}

const rowwise = ["inputIds", "attentionMask", "tokenTypeIds"];

/** Prepares FGSM (Goodfellow et al. 2015) on the word embeddings of one kind of classifier. */
export function createFgsmStep(plan: ClassifierPlan): FgsmStep {
  const gradient = compile(
    (inputs) => {
      const [rows, time] = inputs.inputIds.shape as [number, number];
      const zero = tf.zeros([rows, time, plan.encoder.config.hiddenSize]);
      // A sum, not a mean: the signs are the same, and small gradients stay clear of underflow.
      const loss = ({ shift }: Record<string, tf.Tensor>) => {
        const wordEmbeddings = (embedded: tf.Tensor) => tf.add(embedded, shift);
        const logits = classify(plan, under(inputs, "parameter"), batchOf(inputs), { wordEmbeddings });
        return tf.sum(crossEntropy(logits, inputs.labels));
      };
      return { gradient: valueAndGradients(loss, { shift: zero }).gradients.shift }; // [batch, time, hidden]
    },
    { independentRows: [...rowwise, "labels"] },
  );
  const shifted = compile(
    (inputs) => {
      const wordEmbeddings = (embedded: tf.Tensor) => tf.add(embedded, tf.mul(inputs.direction, inputs.step));
      return { logits: classify(plan, under(inputs, "parameter"), batchOf(inputs), { wordEmbeddings }) };
    },
    { independentRows: [...rowwise, "direction"] },
  );
  return {
    direction(parameters, batch, labels, perturb) {
      const at = gradient.run({ ...prefixed("parameter", parameters), ...batch, labels }).gradient;
      return maskedSigns(at, perturb, batch.attentionMask);
    },
    logits: (parameters, batch, direction, step) =>
      shifted.run({
        ...prefixed("parameter", parameters),
        ...batch,
        direction,
        step: float32([], Float32Array.of(step)),
      }).logits,
    dispose() {
      gradient.dispose();
      shifted.dispose();
    },
  };
}

/** Signs of [batch, time, hidden], zero where either mask [batch, time] is 0. */
function maskedSigns({ shape, data }: TensorData, perturb: TensorData, attentionMask: TensorData): TensorData {
  const hidden = shape[2];
  const signs = new Float32Array(data.length);
  for (let token = 0; token < perturb.data.length; token++) {
    if (perturb.data[token] === 0 || attentionMask.data[token] === 0) continue;
    for (let i = token * hidden; i < (token + 1) * hidden; i++) signs[i] = Math.sign(data[i]);
  }
  return float32(shape, signs);
}
