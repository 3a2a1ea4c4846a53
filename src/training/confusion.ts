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
  const strays = [...Array.from(predictions), ...Array.from(labels)].filter(
    (label) => !(label >= 0 && label < classes),
  );
  if (!Number.isInteger(classes) || strays.length > 0) {
    throw new Error(`A confusion matrix of ${classes} labels has no place for ${strays[0] ?? "a part of a label"}.`);
  }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) counts[labels[i]][predictions[i]]++;
  return counts;
}
