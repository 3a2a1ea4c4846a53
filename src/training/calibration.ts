import type { TensorData } from "../engine/tensor-data.js";

/** Examples whose confidence lies in one stretch. */
export interface CalibrationBin {
  /** The stretch: above `low`, up to `high`. */
  low: number;
  high: number;
  rows: number;
  /** Mean probability of the predicted label; 0 of none. */
  confidence: number;
  /** Share of the predictions that are right; 0 of none. */
  accuracy: number;
}

/** Whether a classifier is as sure as it is right. */
export interface Calibration {
  /** Expected calibration error: mean |confidence − accuracy| over the bins, by their rows (Guo et al. 2017). */
  expectedError: number;
  /** Mean squared distance of the probabilities from the truth, Σ_k (p_k − y_k)² (Brier 1950). */
  brier: number;
  meanConfidence: number;
  bins: CalibrationBin[];
}

/**
 * Calibration of logits by softmax.
 *
 * @param logits [examples, classes]
 * @param options.bins equal stretches of confidence. Default 10
 * @throws if there is no example, or another number of labels
 */
export function calibration(
  { data, shape: [rows, classes] }: TensorData,
  labels: readonly number[],
  { bins: count = 10 }: { bins?: number } = {},
): Calibration {
  if (rows === 0 || rows !== labels.length) {
    throw new Error(`${rows} rows of logits do not match ${labels.length} labels; give one for each, at least one.`);
  }
  const sums = Array.from({ length: count }, () => ({ rows: 0, confidence: 0, right: 0 }));
  let brier = 0;
  for (let row = 0; row < rows; row++) {
    const shares = softmax(data.subarray(row * classes, (row + 1) * classes));
    const top = shares.indexOf(Math.max(...shares));
    shares.forEach((share, label) => {
      brier += (share - (label === labels[row] ? 1 : 0)) ** 2;
    });
    const bin = sums[Math.min(count - 1, Math.max(0, Math.ceil(shares[top] * count) - 1))];
    bin.rows++;
    bin.confidence += shares[top];
    if (top === labels[row]) bin.right++;
  }
  const bins = sums.map(({ rows: n, confidence, right }, i) => ({
    ...{ low: i / count, high: (i + 1) / count, rows: n },
    ...{ confidence: n > 0 ? confidence / n : 0, accuracy: n > 0 ? right / n : 0 },
  }));
  return {
    expectedError: bins.reduce((sum, bin) => sum + bin.rows * Math.abs(bin.confidence - bin.accuracy), 0) / rows,
    brier: brier / rows,
    meanConfidence: sums.reduce((sum, { confidence }) => sum + confidence, 0) / rows,
    bins,
  };
}

/** Probabilities of one example's logits. */
export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const top = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
