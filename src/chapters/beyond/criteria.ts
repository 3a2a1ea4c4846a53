import { mean } from "simple-statistics";
import { formatFixed, formatShare } from "../../display/number-format.js";
import { barFigure } from "../../figures/bar.js";
import type { Figure } from "../../figures/figure.js";
import { panelsOf } from "../../figures/panels.js";
import { madeFrom } from "../../results/origin.js";
import { claimMean } from "../../study/claim-effects.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import { type ComparedCriterion, comparedCriteria } from "./criterion-unit.js";
import { drawnMeans } from "./drawn-means.js";
import type { CriterionRow, WayRow } from "./measure.js";
import { decideBeyond, inPoints, readPredictions } from "./predictions.js";

/**
 * Mean loss by each criterion, bars by sparsity with intervals over domains: adapters alone, and all pruned and averaged.
 *
 * @param mixed ways to mix, among which the average of the same adapters, none pruned, is the level of those that were
 */
export function criteriaFigure(rows: readonly CriterionRow[], mixed: readonly WayRow[] = []): Figure {
  const title = "Accuracy lost by pruning, by what is pruned first";
  const subtitle = "whiskers: 95% intervals over all domains";
  const names = Object.keys(comparedCriteria) as ComparedCriterion[];
  const sparsities = [...new Set(rows.map(({ sparsity }) => sparsity))].sort((a, b) => a - b);
  const dense = denseAverage(rows, mixed);
  const levels = dense.length > 0 ? [{ name: "averaged, none pruned", y: mean(dense.map(({ drop }) => drop)) }] : [];
  const panels = [false, true].map((averaged) => {
    const groups = sparsities.map((sparsity) => {
      const here = rows.filter((row) => row.mixed === averaged && row.sparsity === sparsity);
      const own = names.map((name) => here.filter(({ criterion }) => criterion === name));
      const means = drawnMeans(own, ({ loss }) => loss);
      return { name: `${formatShare(sparsity)} pruned`, categories: names.map(labelOf), ...means };
    });
    const size = { width: 860, ...(averaged && { levels }) };
    const figure = barFigure(groups, { title, x: "", y: "accuracy lost (points)", ...size });
    return { title: averaged ? "all pruned, then averaged" : "one adapter alone", figure };
  });
  return madeFrom(panelsOf(panels, title, 1, subtitle), rows, dense);
}

/** As short as a slanted label between two panels has to be. */
const labelOf = (name: ComparedCriterion) => (name === "change" ? "size of change" : comparedCriteria[name]);

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
  const at = at90(rows, targets, false);
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

/** The rows at 90% sparsity of the targets that count: adapters alone, or all pruned and averaged. */
export function at90(rows: readonly CriterionRow[], targets: readonly string[], mixed: boolean): CriterionRow[] {
  return rows.filter((row) => row.mixed === mixed && row.sparsity === 0.9 && targets.includes(row.target));
}

/** The criterion with the least mean loss; undefined of no rows. */
export function leastLoss(rows: readonly CriterionRow[]): ComparedCriterion | undefined {
  const [least] = [...lossesOf(rows)].sort(([, first], [, second]) => first - second);
  return least?.[0];
}

/** The mean loss by each criterion, in the order of the rows. */
function lossesOf(rows: readonly CriterionRow[]): Map<ComparedCriterion, number> {
  const names = [...new Set(rows.map(({ criterion }) => criterion))];
  return new Map(
    names.map((name) => [name, mean(rows.filter(({ criterion }) => criterion === name).map(({ loss }) => loss))]),
  );
}

/** Which criterion loses least at 90%, alone and mixed. */
export function describeCriteria(rows: readonly CriterionRow[], targets: readonly string[]): string {
  const [difference] = criteriaEffects(rows, targets);
  const [verdict] = readPredictions("criteria").map((one) => decideBeyond(one, difference));
  const both = [false, true].map((mixed) => at90(rows, targets, mixed));
  const [alone, mixed] = both.map(leastLoss).map((name) => (name ? comparedCriteria[name] : "none"));
  const spread = both.map((own) => {
    const losses = [...lossesOf(own).values()];
    return losses.length > 0 ? formatFixed(Math.max(...losses) - Math.min(...losses), 1) : "–";
  });
  return (
    `At 90% sparsity ${alone} loses least alone, and ${mixed} when all are pruned and averaged; the best and the worst ` +
    `criterion are ${spread[0]} points apart alone, and ${spread[1]} when averaged. Magnitude, alone, loses ` +
    `${inPoints(difference)} more than the best other criterion, chosen on other targets (more than one point: ${verdict}).`
  );
}
