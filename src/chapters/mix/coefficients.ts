import type { Adapter } from "../../adapters/adapter.js";
import { formatPercent, formatPoints } from "../../display/number-format.js";
import type { Figure } from "../../figures/figure.js";
import { sliderFigure } from "../../figures/slider.js";
import type { mixAdapters } from "../../mixing/mix.js";
import { madeFrom } from "../../results/origin.js";
import { cellFunction } from "../../study/cell-function.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import type { TrainRow } from "../train/train-unit.js";
import { testRecipes } from "./mixtures.js";

/** Two adapters mixed in unequal parts, tested on the domain of one of them. */
export interface CoefficientResult {
  target: string;
  /** The two domains mixed. */
  members: [first: string, second: string];
  /** What the first adapter is multiplied by; the second by one minus it. */
  coefficient: number;
  /** Share of the target's test examples. */
  accuracy: number;
  /** Accuracy of the target's own adapter alone minus that of the mixture, in points. */
  drop: number;
}

/** Coefficients from none to all of the first adapter. */
const tenths = Array.from({ length: 11 }, (_, i) => i / 10);

// In scope where the mixture is made, see cell-function.ts.
declare const sm: { mixAdapters: typeof mixAdapters };
declare const first: number;

const weighed = (adapters: Adapter[]) => sm.mixAdapters(adapters, { coefficients: [first, 1 - first] });

/**
 * Mixes two adapters, c times the first plus 1 − c times the second, for c from 0 to 1 by tenths, and tests each mixture on both
 * domains, with each domain's own head.
 * @param singles rows of `trainSingles`: the first of each of the two domains is taken
 * @returns eleven results a domain; at 0 and 1 one adapter alone is tested, on its own domain as it was trained
 * @throws if a domain has no adapter
 */
export async function sweepCoefficients(
  study: Study,
  singles: readonly TrainRow[],
  domains: readonly string[],
  options: RunOptions = {},
): Promise<CoefficientResult[]> {
  if (domains.length !== 2) throw new Error(`A coefficient divides two domains, not ${domains.length}: name two.`);
  const pair = domains.map((name) => {
    const row = singles.find(({ domain }) => domain === name);
    if (!row) throw new Error(`"${name}" has no adapter here: ${singles.map(({ domain }) => domain).join(", ")}.`);
    return row;
  });
  const of = pair.map(({ adapter }) => adapter);
  const tests = pair.flatMap((own) => tenths.map((coefficient) => ({ own, coefficient })));
  const mixed = tests.filter(({ own, coefficient }) => coefficient !== alone(own, pair));
  const rows = await testRecipes(
    study,
    mixed.map(({ own, coefficient }) => {
      const mix = cellFunction(weighed, { first: coefficient }, "mix");
      return { own, recipe: { make: "custom", of, mix } };
    }),
    options,
  );
  const members: [string, string] = [pair[0].domain, pair[1].domain];
  return tests.map((test) => {
    const { own, coefficient } = test;
    const row = rows[mixed.indexOf(test)] ?? own;
    const { accuracy } = row;
    const result = { target: own.domain, members, coefficient, accuracy, drop: 100 * (own.accuracy - accuracy) };
    return madeFrom(result, row, pair);
  });
}

/** The coefficient at which a domain's own adapter is all of the mixture. */
const alone = (own: TrainRow, [first]: readonly TrainRow[]) => (own === first ? 1 : 0);

/** Accuracy of both domains against the coefficient, with a slider that sets it. */
export function coefficientFigure(results: readonly CoefficientResult[]): Figure {
  const [first, second] = results[0].members;
  const series = [first, second].map((target) => {
    const rows = results.filter((row) => row.target === target);
    return { name: target, x: rows.map((row) => row.coefficient), y: rows.map((row) => row.accuracy) };
  });
  const figure = sliderFigure(series, {
    title: `Two adapters in unequal parts: ${first} and ${second}`,
    x: `coefficient of ${first}; that of ${second} is one minus it`,
    y: "accuracy on the test examples (%)",
    percent: "y",
    slider: `coefficient of ${first}`,
    mark: (share) => formatPercent(share),
  });
  return madeFrom(figure, results);
}

/** What equal parts cost both domains, and where the one that loses more loses least. */
export function describeCoefficients(results: readonly CoefficientResult[]): string {
  const at = (coefficient: number) => results.filter((row) => row.coefficient === coefficient);
  const worst = (coefficient: number) => Math.max(...at(coefficient).map(({ drop }) => drop));
  const evenest = tenths.reduce((best, one) => (worst(one) < worst(best) ? one : best));
  const cost = (coefficient: number) =>
    at(coefficient)
      .map(({ target, drop }) => `${target} ${drop < 0 ? "gains" : "loses"} ${formatPoints(Math.abs(drop))}`)
      .join(" and ");
  const [first] = results[0].members;
  return (
    `In equal parts ${cost(0.5)}. The greater of both losses is least at a coefficient of ${evenest} for ${first}: ` +
    `${cost(evenest)}.`
  );
}
