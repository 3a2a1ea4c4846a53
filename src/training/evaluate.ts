import type { Adapter } from "../adapters/adapter.js";
import { classifierRunner } from "../adapters/classifier-runner.js";
import { requireClassifier, requirePlan } from "../adapters/classify.js";
import { requireKind } from "../adapters/fit.js";
import type { Head } from "../adapters/head.js";
import type { AdapterConfig } from "../adapters/methods.js";
import { type Example, requireExamples } from "../domains/domain.js";
import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import type { HeadConfig } from "../encoder/heads.js";
import { float32, type TensorData } from "../engine/tensor-data.js";
import { requireOptions } from "../files/options.js";
import { batchesByLength } from "../text/batching.js";
import { encodeExamples } from "./examples.js";
import { accuracy, argmaxRows, macroF1, standardError } from "./metrics.js";
import { requireLabels } from "./require-labels.js";

/** How well a classifier does on some examples. */
export interface Evaluation {
  accuracy: number;
  /** Standard error of the accuracy over the examples. */
  standardError: number;
  macroF1: number;
  /** Mean cross-entropy in nats. */
  loss: number;
  /** Predicted label of each example. */
  predictions: number[];
  /** [examples, classes] */
  logits: TensorData;
}

/** Settings of an evaluation. */
export interface EvaluateOptions {
  /** Default 32. */
  batchSize?: number;
  /** Most tokens of a text, or pair, special ones included. Default 128. */
  maxLength?: number;
}

/** Examples made ready once, to be run through any number of adapters and heads of one kind. */
export interface Evaluator {
  /** Evaluates an adapter (or none) and a head. */
  run(adapter: Adapter | undefined, head: Head): Evaluation;
}

/**
 * Prepares examples for many evaluations: tokenised, sorted by length and batched once. Adapter and head are inputs of
 * functions that all evaluators on an encoder share ({@link classifierRunner}), and what no adapter acts on is kept, so that
 * a thousand mixtures cost a thousand times the layers above it and nothing else.
 *
 * @param plan the kind of adapter and head that will be run
 */
export function createEvaluator(
  encoder: Encoder,
  examples: readonly Example[],
  plan: { adapter?: AdapterConfig; head: HeadConfig },
  options: EvaluateOptions = {},
): Evaluator {
  requireEncoder(encoder, "createEvaluator");
  requireExamples(examples, "createEvaluator");
  requirePlan(plan, "createEvaluator");
  requireOptions(options, "createEvaluator", "batchSize");
  if (examples.length === 0) throw new Error("An evaluation needs at least one example.");
  const { batchSize = 32, maxLength = 128 } = options;
  const encodings = encodeExamples(encoder, examples, maxLength);
  const batches = batchesByLength(encodings, { batchSize, maxLength, padTokenId: encoder.config.padTokenId });
  const labels = examples.map(({ label }) => label);
  const runner = classifierRunner(encoder, plan, { repeated: true });
  return {
    run(adapter, head) {
      requireKind(encoder, plan, { adapter, head }, "the evaluator");
      const classes = head.labels.length;
      requireLabels(examples, head);
      const logits = new Float32Array(examples.length * classes);
      for (const { rows, batch } of batches) {
        const part = runner.logits({ adapter, head }, batch).data;
        rows.forEach((example, row) => {
          logits.set(part.subarray(row * classes, (row + 1) * classes), example * classes);
        });
      }
      return evaluationOf(float32([examples.length, classes], logits), labels);
    },
  };
}

/** Accuracy, loss and predictions of an adapter (or none) with a head on some examples. */
export function evaluate(
  encoder: Encoder,
  classifier: { adapter?: Adapter; head: Head },
  examples: readonly Example[],
  options: EvaluateOptions = {},
): Evaluation {
  requireClassifier(classifier, "evaluate");
  const { adapter, head } = classifier;
  return createEvaluator(encoder, examples, { adapter: adapter?.config, head: head.config }, options).run(
    adapter,
    head,
  );
}

/** What logits say about examples of the given labels. */
export function evaluationOf(logits: TensorData, labels: readonly number[]): Evaluation {
  const classes = logits.shape[1];
  const predictions = argmaxRows(logits.data, classes);
  const share = accuracy(predictions, labels);
  return {
    accuracy: share,
    standardError: standardError(share, labels.length),
    macroF1: macroF1(predictions, labels),
    loss: meanCrossEntropy(logits, labels),
    predictions,
    logits,
  };
}

/** Mean over the rows of log Σ exp(logits) − logit of the label. */
function meanCrossEntropy({ data, shape: [rows, classes] }: TensorData, labels: readonly number[]): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const logits = Array.from(data.subarray(row * classes, (row + 1) * classes));
    const top = Math.max(...logits);
    sum += top + Math.log(logits.reduce((total, logit) => total + Math.exp(logit - top), 0)) - logits[labels[row]];
  }
  return sum / rows;
}
