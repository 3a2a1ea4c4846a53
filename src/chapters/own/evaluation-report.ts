import type { Example } from "../../domains/domain.js";
import type { Effect } from "../../statistics/effect.js";
import { type Calibration, calibration, softmax } from "../../training/calibration.js";
import { confusionMatrix } from "../../training/confusion.js";
import type { Evaluation } from "../../training/evaluate.js";
import { wilsonInterval } from "../../training/metrics.js";

/** How a classifier does on each label. Shares; 0 where nothing is of the label, or nothing was given it. */
export interface LabelReport {
  label: string;
  rows: number;
  precision: number;
  recall: number;
  f1: number;
}

/** What an evaluation says, in full. */
export interface EvaluationReport {
  rows: number;
  /** A share, with Wilson's 95% interval. */
  accuracy: Effect;
  macroF1: number;
  /** Mean cross-entropy in nats. */
  loss: number;
  /** Accuracy of always answering the most frequent label of these rows. */
  majority: number;
  labels: LabelReport[];
  /** Counts: row the true label, column the prediction. */
  confusion: number[][];
  calibration: Calibration;
}

/**
 * Accuracy, macro F1, confusion and calibration of an evaluation of some examples.
 *
 * @throws if the loss is not finite, as that of weights beyond computing is: nothing that is not finite is reported
 */
export function evaluationReport(
  evaluation: Evaluation,
  examples: readonly Example[],
  labels: readonly string[],
): EvaluationReport {
  if (!Number.isFinite(evaluation.loss)) {
    throw new Error(
      `The loss is ${evaluation.loss}: weights of the adapter or its head are beyond computing, as after a training that diverged. Train again at a lower rate.`,
    );
  }
  const truth = examples.map(({ label }) => label);
  const confusion = confusionMatrix(evaluation.predictions, truth, labels.length);
  const [low, high] = wilsonInterval(evaluation.accuracy, truth.length);
  const given = labels.map((_, j) => confusion.reduce((sum, row) => sum + row[j], 0));
  const present = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
  return {
    rows: truth.length,
    accuracy: { effect: evaluation.accuracy, low, high },
    macroF1: evaluation.macroF1,
    loss: evaluation.loss,
    majority: Math.max(...present) / truth.length,
    labels: labels.map((label, i) => ({
      ...{ label, rows: present[i] },
      precision: share(confusion[i][i], given[i]),
      recall: share(confusion[i][i], present[i]),
      f1: share(2 * confusion[i][i], given[i] + present[i]),
    })),
    confusion,
    calibration: calibration(evaluation.logits, truth),
  };
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

/** A row of a file of predictions. */
export interface Prediction {
  text: string;
  text_pair?: string;
  label: string;
  prediction: string;
  /** Probability of the prediction. */
  confidence: number;
  right: boolean;
}

/** Each example with what was predicted, and how surely. */
export function predictionRows(
  { predictions, logits: { data } }: Evaluation,
  examples: readonly Example[],
  labels: readonly string[],
): Prediction[] {
  const classes = labels.length;
  return examples.map(({ text, textPair, label }, i) => {
    const shares = softmax(data.subarray(i * classes, (i + 1) * classes));
    return {
      text,
      ...(textPair !== undefined && { text_pair: textPair }),
      ...{ label: labels[label], prediction: labels[predictions[i]] },
      confidence: shares[predictions[i]],
      right: predictions[i] === label,
    };
  });
}
