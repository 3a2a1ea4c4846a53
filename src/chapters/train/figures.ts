import { mean } from "simple-statistics";
import { barFigure } from "../../figures/bar.js";
import type { Figure } from "../../figures/figure.js";
import { gridFigure } from "../../figures/grid.js";
import { lineFigure } from "../../figures/line.js";
import { methodName } from "../../figures/method-name.js";
import { madeFrom } from "../../results/origin.js";
import type { BaselineRow } from "./baseline-unit.js";
import type { TrainRow } from "./train-unit.js";

/** Half of a 95% interval of an accuracy over so many test examples: 1.96 √(a(1 − a)/n). */
function halfInterval(accuracy: number, examples: number): number {
  return 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / examples);
}

/** Accuracy of single adapters of every method given, averaged over seeds, beside what the domains give without one. */
export function singlesFigure(singles: readonly TrainRow[], baselines: readonly BaselineRow[]): Figure {
  const categories = [...new Set(singles.map(({ domain }) => domain))];
  const methods = [...new Set(singles.map(({ method }) => method))];
  const examples = (domain: string) => singles.find((row) => row.domain === domain)?.testRows ?? 1;
  const group = (name: string, accuracyOf: (domain: string) => number) => {
    const values = categories.map(accuracyOf);
    const half = values.map((value, i) => halfInterval(value, examples(categories[i])));
    return {
      name,
      categories,
      values,
      low: values.map((value, i) => Math.max(0, value - half[i])),
      high: values.map((value, i) => Math.min(1, value + half[i])),
    };
  };
  const baseline = (pick: (row: BaselineRow) => number) => (domain: string) =>
    mean(baselines.filter((row) => row.domain === domain).map(pick));
  const single = (method: string) => (domain: string) =>
    mean(singles.filter((row) => row.domain === domain && row.method === method).map(({ accuracy }) => accuracy));
  const groups = [
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
    ...methods.map((method) => group(`${methodName(method)} adapter and head`, single(method))),
  ];
  return madeFrom(
    barFigure(groups, {
      title: "Accuracy on each domain's test examples",
      subtitle: "bars: 95% intervals over test examples",
      x: "domain",
      y: "accuracy (%)",
      percent: "y",
      yRange: [0, 1],
      width: Math.max(760, 260 + 13 * groups.length * categories.length),
    }),
    singles,
    baselines,
  );
}

/**
 * Training loss of each domain's adapter against the steps done: one panel a method, means of equal stretches of steps.
 * @param options.steps of every domain, or by domain
 */
export function learningCurvesFigure(
  singles: readonly TrainRow[],
  options: { steps: number | Readonly<Record<string, number>> },
): Figure {
  const methods = [...new Set(singles.map(({ method }) => method))];
  const stepsOf = (domain: string) => (typeof options.steps === "number" ? options.steps : options.steps[domain]);
  const panels = methods.map((method) => {
    const rows = singles.filter((row) => row.method === method && row.seed === singles[0].seed);
    const series = rows.map(({ domain, losses }) => ({
      name: domain,
      x: losses.map((_, i) => Math.min(stepsOf(domain), ((i + 0.5) * stepsOf(domain)) / losses.length)),
      y: losses,
    }));
    const figure = lineFigure(series, { title: method, x: "steps", y: "training loss (nats)", markers: false });
    return { title: methodName(method), figure };
  });
  return madeFrom(
    gridFigure(panels, {
      title: "Training loss of each adapter",
      columns: panels.length,
      width: 1080,
      panelHeight: 320,
      sharedY: true,
    }),
    singles,
  );
}
