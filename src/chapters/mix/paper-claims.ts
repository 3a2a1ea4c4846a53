import { mean } from "simple-statistics";
import type { Effect } from "../../statistics/effect.js";
import { claimMean } from "../../study/claim-effects.js";
import type { ClaimEffect, ClaimEffects } from "../../study/scorecard.js";
import type { Study } from "../../study/study.js";
import { trainSingles } from "../train/singles.js";
import { type MixtureResult, sampleMixtures, sweep } from "./mixtures.js";

/** Claim F1: the mean drop of the mixture of all adapters, in points, over the targets that count. */
export function dropOfAll(results: readonly MixtureResult[], targets: readonly string[]): ClaimEffect {
  const most = Math.max(...results.map(({ size }) => size));
  return claimMean(
    results.filter(({ size }) => size === most),
    ({ drop }) => drop,
    targets,
  );
}

/**
 * Claim F4: the mean drop of mixtures of two and of three, in points, each size counting the same. The interval is the mean
 * of the two intervals: both are of the same domains, so their errors are taken to go together.
 */
export function dropOfFew(results: readonly MixtureResult[], targets: readonly string[]): ClaimEffect {
  const found = [2, 3].map((wanted) =>
    claimMean(
      results.filter(({ size }) => size === wanted),
      ({ drop }) => drop,
      targets,
    ),
  );
  const effects = found.filter((one): one is Effect => "effect" in one);
  const middle = (pick: (of: Effect) => number) => mean(effects.map(pick));
  return (
    found.find((one) => "undecided" in one) ?? {
      effect: middle(({ effect }) => effect),
      low: middle(({ low }) => low),
      high: middle(({ high }) => high),
    }
  );
}

/** Claims F1 and F4 of a study as it is: its adapters mixed as in the sweep, over the targets that count. */
export async function mixClaims(study: Study, targets: readonly string[]): Promise<ClaimEffects> {
  const singles = await trainSingles(study);
  const results = await sweep(study, singles, sampleMixtures(study));
  return { F1: dropOfAll(results, targets), F4: dropOfFew(results, targets) };
}
