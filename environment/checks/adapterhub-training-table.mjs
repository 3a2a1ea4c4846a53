// The page and the verdict of adapterhub-training.mjs.

/** What may differ: losses, numbers of an average, and accuracies in standard errors of one. */
export const allowed = { loss: 1e-3, average: 1e-6, standardErrors: 1 };

/** What was found as a page, and a sentence for each thing that differs by more than is allowed. */
export function trainingTable({ encoder, texts, versions, steps, rate, weightDecay, averageError, domains }) {
  const percent = (share) => (100 * share).toFixed(1);
  const failures = domains.flatMap((each) => [
    ...(each.lossError <= allowed.loss ? [] : [`${each.name}: losses differ by ${each.lossError}.`]),
    ...(Math.abs(each.accuracy - each.theirs) <= allowed.standardErrors * each.standardError
      ? []
      : [`${each.name}: accuracies are ${percent(each.accuracy)}% and ${percent(each.theirs)}%.`]),
    ...(each.averagePredictions === 0
      ? []
      : [`${each.name}: ${each.averagePredictions} labels of the average differ.`]),
  ]);
  if (averageError > allowed.average) failures.push(`Numbers of the averages differ by ${averageError}.`);
  const rows = domains.map(
    (each) =>
      `| \`${each.name}\` | ${each.losses.first.toFixed(3)} to ${each.losses.last.toFixed(3)} | ${each.lossError.toExponential(1)} | ` +
      `${percent(each.accuracy)}% | ${percent(each.theirs)}% | ${percent(each.standardError)} | ${percent(each.averageAccuracy)}% | ${each.averagePredictions} of ${each.rows} |`,
  );
  const markdown = `# Training beside AdapterHub's library

Pfeiffer adapters and their heads, trained for ${steps} steps of 16 ${texts} texts on \`${encoder}\` by signmix and by \`adapters\` ${versions.adapters} (transformers
${versions.transformers}, PyTorch ${versions.torch}): from the start that signmix exported, on its batches in its order, AdamW, peak rate ${rate}, weight decay
${weightDecay}, warm-up a tenth, no dropout. Allowed are ${allowed.loss} in any step's loss, one standard error in accuracy, ${allowed.average} in any number of an average.

| domain | loss | largest difference of a step's loss | accuracy here | there | standard error | accuracy of the average | its labels that differ |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

The average of the trained adapters, as \`averageAdapters\` makes it and as \`average_adapter\` does, differs by ${averageError.toExponential(1)} at most.

${failures.length === 0 ? "All are within what is allowed." : failures.join("\n")}
`;
  return { markdown, failures };
}
