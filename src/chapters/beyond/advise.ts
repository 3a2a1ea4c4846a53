import { formatFixed } from "../../display/number-format.js";
import { controlledRegime, describeRegime } from "../../study/regime.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import type { Study } from "../../study/study.js";
import { at90, criteriaEffects, leastLoss } from "./criteria.js";
import { comparedCriteria } from "./criterion-unit.js";
import { doseEffects } from "./dose.js";
import type { CriterionRow, DoseRow, WayRow } from "./measure.js";
import { type Foretelling, predictorEffects } from "./mergeability.js";
import { decideBeyond, inPoints, readPredictions } from "./predictions.js";
import { strengthEffects } from "./strength.js";
import { bestWay, wayEffects } from "./way-table.js";
import { ways } from "./ways.js";

/** What advice follows from: the rows of notebook 08, and the targets that count. */
export interface MixingFindings {
  doses: readonly DoseRow[];
  strengths: readonly WayRow[];
  /** Where they were measured, as are criteria. */
  mixed?: readonly WayRow[];
  criteria?: readonly CriterionRow[];
  foretold: readonly Foretelling[];
  targets: readonly string[];
}

/** What to do when you want to mix adapters, and what that rests on: at most 200 words, every one of which follows from the rows. */
export function adviseMixing(study: Study, findings: MixingFindings): string {
  const { doses, strengths, mixed = [], criteria = [], foretold, targets } = findings;
  const [, , starts] = doseEffects(doses, targets);
  const [spared, three] = strengthEffects(strengths, targets);
  const [better] = predictorEffects(foretold);
  const best = foretold
    .filter(({ name }) => name !== "all together")
    .reduce((a, b) => (b.correlation.effect > a.correlation.effect ? b : a));
  const [beats] = readPredictions("predictors");
  const few = readPredictions("strength")[1];
  const lines = [
    isAbove(starts)
      ? `Train all adapters from one start: it is worth ${inPoints(starts)}.`
      : `To put trained changes onto a common start was not shown to help: ${inPoints(starts)}. To train from one is claim S1c.`,
    isAbove(spared)
      ? `Choose a factor on the mean change by dev examples: with all adapters it spares ${inPoints(spared)}.`
      : `A factor on the mean change was not shown to help: ${inPoints(spared)}.`,
    decideBeyond(few, three) === "holds"
      ? `Two or three adapters may then be mixed: three lose ${inPoints(three)}.`
      : `Do not count on "at most three": three still lose ${inPoints(three)}.`,
    mixed.length > 0 ? adviseWay(mixed, targets) : "",
    decideBeyond(beats, better) === "holds"
      ? `Choose partners by ${best.label}, not by FSD.`
      : `Nothing was shown to foretell harm much better than FSD, whose rank correlation with the loss is ${formatFixed(foretold[0].correlation.effect, 2)} (with accuracy, as in S1, the sign turns): test the mixture before you use it.`,
    criteria.length > 0 ? adviseCriterion(criteria, targets) : "",
    "Where a point matters, keep the adapters apart.",
    `This rests on the profile ${study.profile.name} (encoder ${study.encoder.name}, ${study.settings.source === "classroom" ? "generated text" : "real text"}, ` +
      `${describeRegime(controlledRegime)}, one seed, ${targets.length} targets).`,
  ];
  return lines
    .filter(Boolean)
    .map((line, i, all) => (i < all.length - 1 ? `${i + 1}. ${line}` : line))
    .join("\n");
}

function adviseWay(mixed: readonly WayRow[], targets: readonly string[]): string {
  const [gain] = wayEffects(mixed, targets);
  const { label } = ways[bestWay(mixed, mixed[0].method)];
  return isAbove(gain)
    ? `Mix by ${label}: ${inPoints(gain)} above the average.`
    : `Keep to the average; no other way was shown to be better (${label}: ${inPoints(gain)}).`;
}

function adviseCriterion(criteria: readonly CriterionRow[], targets: readonly string[]): string {
  const [spared] = criteriaEffects(criteria, targets);
  const least = leastLoss(at90(criteria, targets, false).filter(({ criterion }) => criterion !== "magnitude"));
  return least && isAbove(spared)
    ? `If you must prune, prune by ${comparedCriteria[least]}: at 90% it spares ${inPoints(spared)} of what magnitude loses.`
    : `If you must prune, nothing was shown to lose less than magnitude at 90%: ${inPoints(spared)}.`;
}

const isAbove = (found: ClaimEffect) => !("undecided" in found) && found.low > 0;
