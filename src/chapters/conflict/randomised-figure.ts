import { mean } from "simple-statistics";
import { formatFixed, formatInterval } from "../../display/number-format.js";
import type { Figure } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import { madeFrom } from "../../results/origin.js";
import { claimMean } from "../../study/claim-effects.js";
import { conflictAndAccuracy, sameStartGain, sameStartP } from "./paper-claims.js";
import type { RandomisedRow } from "./randomised.js";

/**
 * Accuracy change of targets against how long the partner was trained, one line for partners of the target's start and one for
 * those of their own; bands are 95% intervals over domains. What differs between the lines is the start alone.
 */
export function randomisedFigure(rows: readonly RandomisedRow[]): Figure {
  const targets = [...new Set(rows.map(({ target }) => target))];
  const steps = [...new Set(rows.map((row) => row.steps))].sort((a, b) => a - b);
  const lines = [true, false].map((same) => {
    const cells = steps.map((length) => {
      const own = rows.filter((row) => row.sameStart === same && row.steps === length);
      const found = claimMean(own, ({ change }) => change, targets);
      const effect = mean(own.map(({ change }) => change));
      return "undecided" in found ? { effect, low: effect, high: effect } : found;
    });
    return {
      name: same ? "partner of the same start" : "partner of a start of its own",
      x: steps,
      y: cells.map(({ effect }) => effect),
      low: cells.map(({ low }) => low),
      high: cells.map(({ high }) => high),
    };
  });
  return madeFrom(
    lineFigure(lines, {
      title: "Two adapters mixed: what the partner's start and length of training do",
      subtitle: "bands: 95% intervals over domains",
      ...{ x: "steps that the partner was trained for", y: "accuracy change (points)", width: 760 },
    }),
    rows,
  );
}

/** What the randomised pairs say: the gain of a same start, and how FSD and accuracy go together where neither is the domain's. */
export function describeRandomised(
  rows: readonly RandomisedRow[],
  targets: readonly string[],
  options: { permutations?: number } = {},
): string {
  const decided = sameStartGain(rows, targets);
  if ("effect" in decided) return describeOver(rows, targets, options);
  const all = [...new Set(rows.map(({ target }) => target))];
  const descriptive = describeOver(rows, all, options);
  return `Nothing is decided on the start of the partner: ${decided.undecided}. Over all targets, counted or not: ${descriptive}`;
}

function describeOver(
  rows: readonly RandomisedRow[],
  targets: readonly string[],
  options: { permutations?: number },
): string {
  const gain = sameStartGain(rows, targets);
  if ("undecided" in gain) return `there is no interval either (${gain.undecided}).`;
  const p = sameStartP(
    rows.filter(({ target }) => targets.includes(target)),
    options,
  );
  const together = conflictAndAccuracy(rows, targets);
  const correlation =
    "undecided" in together
      ? `cannot be correlated (${together.undecided})`
      : `have a rank correlation of ${formatFixed(together.effect, 2)} ${formatInterval(together, 2)} within targets`;
  return (
    `With a partner of the same domain and length, one of the target's start leaves ${formatFixed(Math.abs(gain.effect), 1)} ` +
    `points ${gain.effect < 0 ? "less" : "more"} than one of another ${formatInterval(gain)} ` +
    `(p = ${p.toPrecision(2)} by permuting starts; ${targets.length} targets). Over all of these pairs FSD and accuracy ${correlation}.`
  );
}
