import { refuseArgument, shownArgument } from "../files/arguments.js";

/** Share of predictions that equal their label. */
export function accuracy(predictions: ArrayLike<number>, labels: ArrayLike<number>): number {
  requireSameLength(predictions, labels);
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) right++;
  return right / labels.length;
}

/**
 * Mean over the classes of F1 = 2·TP / (2·TP + FP + FN). A class that is neither predicted nor present does not count
 * (as in scikit-learn with the labels that occur).
 */
export function macroF1(predictions: ArrayLike<number>, labels: ArrayLike<number>): number {
  requireSameLength(predictions, labels);
  const classes = new Map<number, { both: number; either: number }>();
  const of = (label: number) => {
    const counts = classes.get(label) ?? { both: 0, either: 0 };
    classes.set(label, counts);
    return counts;
  };
  for (let i = 0; i < labels.length; i++) {
    if (predictions[i] === labels[i]) of(labels[i]).both++;
    else {
      of(predictions[i]).either++;
      of(labels[i]).either++;
    }
  }
  let sum = 0;
  for (const { both, either } of classes.values()) sum += (2 * both) / (2 * both + either);
  return sum / classes.size;
}

/** Standard error of an accuracy over n examples, √(p(1 − p)/n). */
export function standardError(share: number, n: number): number {
  return Math.sqrt((share * (1 - share)) / n);
}

/**
 * Wilson's score interval of a share over n examples (Wilson 1927); unlike p ± z·SE it stays within [0, 1].
 *
 * @param z quantile of the normal distribution, 1.96 for 95%
 */
export function wilsonInterval(share: number, n: number, z = 1.959963984540054): [number, number] {
  if (!(n > 0)) throw new Error(`An interval needs at least one example, not ${shownArgument(n)}.`);
  const spread = z * z;
  const centre = (share + spread / (2 * n)) / (1 + spread / n);
  const half = (z / (1 + spread / n)) * Math.sqrt((share * (1 - share)) / n + spread / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Index of the largest of each row's `columns` numbers; the first of equals. */
export function argmaxRows(numbers: ArrayLike<number>, columns: number): number[] {
  const rows = numbers.length / columns;
  return Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let j = 1; j < columns; j++) if (numbers[row * columns + j] > numbers[row * columns + best]) best = j;
    return best;
  });
}

function requireSameLength(predictions: ArrayLike<number>, labels: ArrayLike<number>): void {
  for (const [list, what] of [
    [predictions, "predictions first"],
    [labels, "labels second"],
  ] as const) {
    if (!Array.isArray(list) && !ArrayBuffer.isView(list)) refuseArgument(list, `A metric takes a list of ${what}`);
  }
  if (predictions.length !== labels.length || labels.length === 0) {
    throw new Error(
      `${predictions.length} predictions do not match ${labels.length} labels; give one for each, at least one.`,
    );
  }
}
