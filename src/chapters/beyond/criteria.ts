import { mean } from "simple-statistics";
import { formatShare } from "../../display/number-format.js";
import { barFigure } from "../../figures/bar.js";
import type { Figure } from "../../figures/figure.js";
import { panelsOf } from "../../figures/panels.js";
import { madeFrom } from "../../results/origin.js";
import { claimMean } from "../../study/claim-effects.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import { type ComparedCriterion, comparedCriteria } from "./criterion-unit.js";
import type { CriterionRow, WayRow } from "./measure.js";
import { decideBeyond, inPoints, readPredictions } from "./predictions.js";

/**
 * Mean loss by each criterion, bars by sparsity with intervals over domains: adapters alone, and all pruned and averaged.
 *
 * @param mixed ways to mix, among which the average of the same adapters, none pruned, is the level of those that were
 */
export function criteriaFigure(rows: readonly CriterionRow[], mixed: readonly WayRow[] = []): Figure {
  const title = "Accuracy lost by pruning, by what is pruned first";
  const names = Object.keys(comparedCriteria) as ComparedCriterion[];
  const targets = [...new Set(rows.map(({ target }) => target))];
  const sparsities = [...new Set(rows.map(({ sparsity }) => sparsity))].sort((a, b) => a - b);
  const dense = denseAverage(rows, mixed);
  const levels = dense.length > 0 ? [{ name: "averaged, none pruned", y: mean(dense.map(({ drop }) => drop)) }] : [];
  const panels = [false, true].map((averaged) => {
    const groups = sparsities.map((sparsity) => {
      const points = names.map((criterion) => {
        const own = rows.filter(
          (row) => row.mixed === averaged && row.criterion === criterion && row.sparsity === sparsity,
        );
        const found = claimMean(own, ({ loss }) => loss, targets);
        const effect = mean(own.map(({ loss }) => loss));
        return "undecided" in found ? { effect, low: effect, high: effect } : found;
      });
      return {
        ...{ name: `${formatShare(sparsity)} pruned`, categories: names.map((name) => comparedCriteria[name]) },
        ...{ values: points.map(({ effect }) => effect), low: points.map(({ low }) => low) },
        high: points.map(({ high }) => high),
      };
    });
    const size = { width: 860, ...(averaged && { levels }) };
    const figure = barFigure(groups, { title, x: "", y: "accuracy lost (points)", ...size });
    return { title: averaged ? "all pruned, then averaged" : "one adapter alone", figure };
  });
  return madeFrom(panelsOf(panels, title, 1), rows, dense);
}

/** The plain averages, unpruned, of the adapters that were pruned and averaged. */
function denseAverage(rows: readonly CriterionRow[], mixed: readonly WayRow[]): WayRow[] {
  const keyOf = ({ target, members }: CriterionRow | WayRow) => `${target}/${members.join("+")}`;
  const pruned = new Set(rows.filter((row) => row.mixed).map(keyOf));
  const [first] = mixed;
  return mixed.filter((row) => row.way === "average" && row.method === first.method && pruned.has(keyOf(row)));
}

/**
 * The number of the question on criteria: what magnitude loses more at 90% than the best other criterion, which for each target is the one
 * that loses least on the other targets, so that it is not chosen on what it is judged by.
 */
export function criteriaEffects(rows: readonly CriterionRow[], targets: readonly string[]): ClaimEffect[] {
  const at = rows.filter((row) => !row.mixed && row.sparsity === 0.9 && targets.includes(row.target));
  const compared = targets.flatMap((target) => {
    const best = leastLoss(at.filter((row) => row.target !== target && row.criterion !== "magnitude"));
    const of = (criterion: ComparedCriterion | undefined) =>
      at.find((row) => row.target === target && row.criterion === criterion)?.loss ?? Number.NaN;
    return [{ target, members: [target], difference: of("magnitude") - of(best) }];
  });
  return [
    madeFrom(
      claimMean(compared, ({ difference }) => difference, targets),
      rows,
    ),
  ];
}

/** The criterion with the least mean loss; undefined of no rows. */
export function leastLoss(rows: readonly CriterionRow[]): ComparedCriterion | undefined {
  const names = [...new Set(rows.map(({ criterion }) => criterion))];
  const loss = (name: ComparedCriterion) =>
    mean(rows.filter(({ criterion }) => criterion === name).map((row) => row.loss));
  return names.length === 0 ? undefined : names.reduce((best, name) => (loss(name) < loss(best) ? name : best));
}

/** Which criterion loses least at 90%, alone and mixed. */
export function describeCriteria(rows: readonly CriterionRow[], targets: readonly string[]): string {
  const [difference] = criteriaEffects(rows, targets);
  const [verdict] = readPredictions("criteria").map((one) => decideBeyond(one, difference));
  const best = (mixed: boolean) =>
    leastLoss(rows.filter((row) => row.mixed === mixed && row.sparsity === 0.9 && targets.includes(row.target)));
  const [alone, mixed] = [false, true].map(best).map((name) => (name ? comparedCriteria[name] : "none"));
  return (
    `At 90% sparsity ${alone} loses least alone, and ${mixed} when all are pruned and averaged. Magnitude loses ` +
    `${inPoints(difference)} more than the best other criterion, chosen on other targets (more than one point: ${verdict}).`
  );
}
