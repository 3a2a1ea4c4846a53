import { mean, quantile } from "simple-statistics";
import { madeFrom } from "../../results/origin.js";
import { rankCorrelation } from "../../statistics/correlation.js";
import { notDefined } from "../../statistics/effect.js";
import { jackknife } from "../../statistics/jackknife.js";
import { inRegime, regimes } from "../../study/in-regime.js";
import type { RunOptions } from "../../study/run.js";
import type { RegimeName, Study } from "../../study/study.js";
import { type LossLine, type LossLines, type WeightMeasure, weightMeasures } from "../conflict/foretold-loss.js";
import { measurePairs, pairOf } from "../conflict/pairs.js";
import { countedNames, countedTargets } from "../mix/counted-targets.js";
import { firstSingles, measurePredictors } from "./measure.js";
import { predictors } from "./mergeability.js";

/** A target and a partner: the measures of their weights, and the points that the target lost in their average. */
export interface LossPair extends Record<WeightMeasure, number> {
  target: string;
  partner: string;
  regime: RegimeName;
  drop: number;
}

/**
 * Fits lines from measures of weights to points lost, on every pair of a study's first seed in both regimes whose target
 * counts, and finds how far they err on domains that they were not fitted on.
 */
export async function fitLossLines(study: Study, options: RunOptions = {}): Promise<LossLines> {
  const targets = countedNames(await countedTargets(study));
  const { settings, profile, encoder } = study;
  const pairs: LossPair[] = [];
  for (const regime of Object.keys(regimes) as RegimeName[]) {
    const own = inRegime(study, regime);
    const singles = await firstSingles(own, undefined, options);
    const measured = await measurePredictors(own, singles, options);
    const tested = await measurePairs(own, singles, options);
    for (const row of measured.filter(({ target }) => targets.includes(target))) {
      const pair = pairOf(tested, row);
      pairs.push(madeFrom({ ...row, regime, drop: -pair.change }, row, pair));
    }
  }
  const names = Object.keys(weightMeasures) as WeightMeasure[];
  const needsStart = (name: WeightMeasure) => weightMeasures[name].needsStart;
  const lines: LossLines = {
    about:
      "Lines that foretell the points lost by a target in the average with a partner from their weights alone, and their error on domains " +
      "that they were not fitted on. Made from stored rows by environment/foretell.mjs; a test holds it equal to them.",
    fittedOn: {
      ...{ profile: profile.name, encoder: encoder.name, method: settings.poolMethods[0], seed: settings.seeds[0] },
      ...{ reductionFactor: settings.reductionFactor, regimes: Object.keys(regimes), domains: targets },
      ...{ pairs: pairs.length, mean: mean(pairs.map(({ drop }) => drop)) },
    },
    lines: [names.filter(needsStart), names.filter((name) => !needsStart(name))].map((some) =>
      bestLine(pairs, targets, some),
    ),
  };
  return madeFrom(lines, pairs);
}

/**
 * The line of the measure that agrees best with the points lost, by rank within targets as notebook 08 judges. Its error
 * is that of the whole procedure: for each target the measure is chosen, and the line fitted, on the pairs of the others.
 *
 * @param names the measures that may be chosen
 */
export function bestLine(
  pairs: readonly LossPair[],
  targets: readonly string[],
  names: readonly WeightMeasure[],
): LossLine {
  const byTarget = new Map(names.map((name) => [name, targets.map((target) => rankOf(pairs, target, name))]));
  const best = (without?: number) => {
    const value = (name: WeightMeasure) =>
      mean((byTarget.get(name) as number[]).filter((rank, i) => i !== without && Number.isFinite(rank)).concat(0));
    return names.reduce((a, b) => (value(b) > value(a) ? b : a));
  };
  const tried = targets.map((target, i) => {
    const known = pairs.filter((pair) => pair.target !== target && pair.partner !== target);
    const name = best(i);
    const { intercept, slope } = fitLine(known, name);
    const usual = mean(known.map(({ drop }) => drop));
    const own = pairs.filter((pair) => pair.target === target);
    return {
      rank: (byTarget.get(name) as number[])[i],
      errors: own.map((pair) => Math.abs(intercept + slope * pair[name] - pair.drop)),
      ofMean: own.map(({ drop }) => Math.abs(usual - drop)),
    };
  });
  const ranks = tried.map(({ rank }) => rank).filter(Number.isFinite);
  const errors = tried.flatMap((one) => one.errors);
  const measure = best();
  const values = pairs.map((pair) => pair[measure]);
  return {
    ...{ measure, label: predictors[measure].label, ...fitLine(pairs, measure) },
    ...{ from: Math.min(...values), to: Math.max(...values), error: mean(errors), ninety: quantile(errors, 0.9) },
    errorOfMean: mean(tried.flatMap(({ ofMean }) => ofMean)),
    rank:
      ranks.length < 2
        ? notDefined
        : jackknife(
            ranks.map((_, i) => i),
            (without) => mean(ranks.filter((_, i) => i !== without)),
          ),
  };
}

/** Mean over regimes of the rank correlation over a target's partners, in the direction that means harm. */
function rankOf(pairs: readonly LossPair[], target: string, name: WeightMeasure): number {
  const ranks = (Object.keys(regimes) as RegimeName[]).map((regime) => {
    const own = pairs.filter((pair) => pair.target === target && pair.regime === regime);
    return rankCorrelation(
      own.map((pair) => predictors[name].harm * pair[name]),
      own.map(({ drop }) => drop),
    );
  });
  const known = ranks.filter(Number.isFinite);
  return known.length > 0 ? mean(known) : Number.NaN;
}

/** Least squares with the slope within targets and regimes: what differs between targets is no partner's doing. */
function fitLine(pairs: readonly LossPair[], name: WeightMeasure): { intercept: number; slope: number } {
  let [product, square] = [0, 0];
  for (const key of new Set(pairs.map(({ target, regime }) => `${target}/${regime}`))) {
    const own = pairs.filter(({ target, regime }) => `${target}/${regime}` === key);
    const [x, y] = [mean(own.map((pair) => pair[name])), mean(own.map(({ drop }) => drop))];
    for (const pair of own) {
      product += (pair[name] - x) * (pair.drop - y);
      square += (pair[name] - x) ** 2;
    }
  }
  const slope = square > 0 ? product / square : 0;
  return { slope, intercept: mean(pairs.map(({ drop }) => drop)) - slope * mean(pairs.map((pair) => pair[name])) };
}
