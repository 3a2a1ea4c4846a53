import type { BaselineRow } from "../experiments/baseline-unit.js";
import type { TrainRow } from "../experiments/train-unit.js";
import { barFigure } from "./bar-figure.js";
import type { Figure } from "./figure.js";

/** Half of a 95% interval of an accuracy over so many test examples: 1.96 √(a(1 − a)/n). */
function halfInterval(accuracy: number, examples: number): number {
  return 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / examples);
}

/** Accuracy of single adapters of one method and seed, beside what the domains give without an adapter. */
export function singlesFigure(
  singles: readonly TrainRow[],
  baselines: readonly BaselineRow[],
  options: { subtitle: string },
): Figure {
  const categories = singles.map(({ domain }) => domain);
  const examples = (domain: string) => singles.find((row) => row.domain === domain)?.testRows ?? 1;
  const group = (name: string, values: number[]) => ({
    name,
    categories,
    values,
    low: values.map((value, i) => Math.max(0, value - halfInterval(value, examples(categories[i])))),
    high: values.map((value, i) => Math.min(1, value + halfInterval(value, examples(categories[i])))),
  });
  const baseline = (pick: (row: BaselineRow) => number) =>
    categories.map((domain) => {
      const row = baselines.find((candidate) => candidate.domain === domain);
      return row ? pick(row) : Number.NaN;
    });
  return barFigure(
    [
      group(
        "most frequent label",
        baseline((row) => row.majority),
      ),
      group(
        "bag of words",
        baseline((row) => row.bagOfWords),
      ),
      group(
        "head on the frozen encoder",
        baseline((row) => row.frozenProbe),
      ),
      group(
        "adapter and head",
        singles.map(({ accuracy }) => accuracy),
      ),
    ],
    {
      title: "Accuracy on each domain's test examples",
      subtitle: `${options.subtitle}; bars: 95% intervals over test examples`,
      x: "domain",
      y: "accuracy (%)",
      percent: "y",
      yRange: [0, 1],
    },
  );
}
