/**
 * How often each label was given for each: row the true label, column the prediction.
 *
 * @param classes number of labels
 * @returns [classes][classes], counts
 */
export function confusionMatrix(
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): number[][] {
  if (predictions.length !== labels.length) {
    throw new Error(`${predictions.length} predictions do not match ${labels.length} labels; give one for each.`);
  }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) counts[labels[i]][predictions[i]]++;
  return counts;
}
