import { mean } from "simple-statistics";
import { formatShare } from "../../display/number-format.js";
import { barFigure } from "../../figures/bar.js";
import type { Figure } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import { methodName } from "../../figures/method-name.js";
import { panelsOf } from "../../figures/panels.js";
import { madeFrom } from "../../results/origin.js";
import { sparseNames } from "./names.js";
import type { PrunedSigns } from "./pruned-signs.js";
import { type BestSparse, besideDense, type SparseResult, sparseKinds } from "./sparse-mixtures.js";

/** The same as bars: one colour a convention, one group a form of pruning; averaged over methods and seeds. */
export function prunedSignsFigure(rows: readonly PrunedSigns[]): Figure {
  const label = ({ sparsity, criterion }: PrunedSigns) =>
    sparsity === 0 ? "not pruned" : `${formatShare(sparsity)} ${criterion === "random" ? "at random" : "by magnitude"}`;
  const categories = [...new Set(rows.map(label))];
  const rules = [
    { rule: "never", name: "a zero conflicts with nothing" },
    { rule: "ownSign", name: "zero is a third sign" },
    { rule: "bothNonZero", name: "only where both are non-zero" },
  ] as const;
  const groups = rules.map(({ rule, name }) => ({
    name,
    categories,
    values: categories.map(
      (category) => 100 * mean(rows.filter((row) => label(row) === category).map(({ fsd }) => fsd[rule])),
    ),
  }));
  return madeFrom(
    barFigure(groups, {
      title: "Sign difference before and after pruning, by what a zero counts as",
      x: "share of weights pruned",
      y: "mean FSD over pairs (%)",
      levels: [{ name: "signs by chance", y: 50 }],
      width: 900,
    }),
    rows,
  );
}

/** The cross-fitted best sparse mixture against the best dense one, and both means, by the number mixed. */
export function bestSparseFigure(rows: readonly BestSparse[]): Figure {
  const title = "The best sparse mixture against the best dense one";
  const methods = [...new Set(rows.map(({ method }) => method))];
  const panels = methods.flatMap((method) =>
    [...new Set(rows.map(({ sparsity }) => sparsity))].map((sparsity) => {
      const own = rows.filter((row) => row.method === method && row.sparsity === sparsity);
      const sizes = [...new Set(own.map(({ size }) => size))];
      const curve = (name: string, value: (row: BestSparse) => number) => ({
        name,
        x: sizes,
        y: sizes.map((size) => mean(own.filter((row) => row.size === size).map(value))),
      });
      const figure = lineFigure(
        [
          curve("best sparse", ({ sparse }) => sparse),
          curve("best dense", ({ dense }) => dense),
          curve("mean sparse", ({ meanSparse }) => meanSparse),
          curve("mean dense", ({ meanDense }) => meanDense),
        ],
        { title, x: "adapters mixed (k)", y: "accuracy on the target (%)", percent: "y" },
      );
      return { title: `${methodName(method)}, ${formatShare(sparsity)} sparse`, figure };
    }),
  );
  return madeFrom(panelsOf(panels, title), rows);
}

/** Every kind against the dense average of the same adapters, in points, with intervals over targets. */
export function controlsFigure(results: readonly SparseResult[]): Figure {
  const sparsities = [...new Set(results.map(({ sparsity }) => sparsity))];
  const kinds = sparseKinds.filter((kind) => results.some((row) => row.kind === kind));
  const groups = sparsities.map((sparsity) => {
    const effects = kinds.map((kind) =>
      besideDense(
        results.filter((row) => row.sparsity === sparsity),
        kind,
      ),
    );
    return {
      name: `${formatShare(sparsity)} sparse`,
      categories: kinds.map((kind) => sparseNames[kind]),
      values: effects.map(({ effect }) => effect),
      low: effects.map(({ low }) => low),
      high: effects.map(({ high }) => high),
    };
  });
  return madeFrom(
    barFigure(groups, {
      title: "Sparse mixtures and their controls, against the dense average of the same adapters",
      subtitle: "whiskers: 95% over target domains",
      x: "how the mixture is made",
      y: "accuracy change (points)",
      width: 900,
    }),
    results,
  );
}
