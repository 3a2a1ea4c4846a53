import { mean } from "simple-statistics";
import { formatEffect, formatFixed } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { barFigure } from "../../figures/bar.js";
import type { Figure } from "../../figures/figure.js";
import { madeFrom } from "../../results/origin.js";
import { rankCorrelation, ranksWithin } from "../../statistics/correlation.js";
import type { Effect } from "../../statistics/effect.js";
import { jackknife } from "../../statistics/jackknife.js";
import { ridge } from "../../statistics/ridge.js";
import { inRegime } from "../../study/in-regime.js";
import type { RunOptions } from "../../study/run.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import type { RegimeName, Study } from "../../study/study.js";
import { measurePairs, type PairRow, pairOf } from "../conflict/pairs.js";
import { measureSimilarity, type SimilarityRow } from "../conflict/similarity.js";
import { firstSingles, measurePredictors, type PredictorRow } from "./measure.js";
import { decideBeyond, readPredictions } from "./predictions.js";

/** What a predictor costs: the weights alone, or passes of a few texts. */
export type PredictorCost = "weights" | "texts" | "forward" | "gradients" | "mixture";

/**
 * What may foretell harm, whether more of it foretells more harm (1) or less (−1), and what it looks at. The direction is fixed, not
 * fitted: fitted on the other domains, that of a predictor that tells nothing would come out against the domain left out.
 */
export const predictors = {
  fsd: { label: "FSD", harm: 1, cost: "weights" },
  fsdOfChange: { label: "FSD of the change", harm: 1, cost: "weights" },
  flipShare: { label: "flip share", harm: 1, cost: "weights" },
  weightedDisagreement: { label: "FSD weighted by size", harm: 1, cost: "weights" },
  cosine: { label: "cosine of changes", harm: -1, cost: "weights" },
  earlyCosine: { label: "cosine after few steps", harm: -1, cost: "weights" },
  partnerMoved: { label: "distance moved", harm: 1, cost: "weights" },
  similarity: { label: "similarity of texts", harm: -1, cost: "texts" },
  fisherOverlap: { label: "overlap of Fisher", harm: 1, cost: "gradients" },
  gradientCosine: { label: "gradients' cosine", harm: -1, cost: "gradients" },
  slope: { label: "slope of the loss", harm: 1, cost: "gradients" },
  alignment: { label: "CKA of states", harm: -1, cost: "forward" },
  movesStates: { label: "partner moves states", harm: 1, cost: "forward" },
  movesFromOwn: { label: "mixture moves states", harm: 1, cost: "mixture" },
  otherAnswers: { label: "mixture's other answers", harm: 1, cost: "mixture" },
} as const satisfies Record<string, { label: string; harm: 1 | -1; cost: PredictorCost }>;

/** The name of a single predictor. */
export type PredictorName = keyof typeof predictors;

/** A pair with everything that may foretell its harm, and the harm. */
export interface ForetoldPair extends Record<PredictorName, number> {
  target: string;
  partner: string;
  /** Accuracy that the target loses in the mixture of the two, in points. */
  drop: number;
}

/** Joins what foretells harm with the harm that was measured, pair by pair. */
export function foretoldPairs(
  rows: readonly PredictorRow[],
  pairs: readonly PairRow[],
  texts: readonly SimilarityRow[],
): ForetoldPair[] {
  return rows.map((row) => {
    const pair = pairOf(pairs, row);
    const alike = texts.find(
      ({ first, second }) =>
        (first === row.target && second === row.partner) || (first === row.partner && second === row.target),
    );
    if (!alike) throw new Error(`The pair ${row.target} and ${row.partner} was not measured.`);
    return madeFrom({ ...row, similarity: alike.embedding, drop: -pair.change }, row, pair, alike);
  });
}

/** Measures pairs, what may foretell their harm, and how well it does, in a regime, on the first seed. */
export async function foretellHarm(
  given: Study,
  regime: RegimeName,
  targets: readonly string[],
  options: RunOptions = {},
): Promise<Foretelling[]> {
  const study = inRegime(given, regime);
  const singles = await firstSingles(study, undefined, options);
  const rows = await measurePredictors(study, singles, options);
  const pairs = await measurePairs(study, singles, options);
  return foretell(foretoldPairs(rows, pairs, await measureSimilarity(study, singles, options)), targets);
}

/** How well a predictor foretells the harm of domains that it was not fitted on. */
export interface Foretelling {
  name: PredictorName | "all together";
  label: string;
  cost: PredictorCost | "all";
  /** Mean over targets of the rank correlation with the drop over partners, out of sample. */
  correlation: Effect;
  /** Of each target; NaN where nothing varies. */
  byTarget: number[];
  /** Points that the partner it chooses loses beyond the best partner, on average. */
  regret: number;
}

/**
 * Judges each predictor by target. The weights of all together (ridge regression on ranks) are fitted on the pairs of other domains alone,
 * the target left out as target and as partner; single predictors have nothing fitted.
 *
 * @param targets those that are judged; all pairs of others are fitted on
 */
export function foretell(pairs: readonly ForetoldPair[], targets: readonly string[]): Foretelling[] {
  const names = Object.keys(predictors) as PredictorName[];
  const single = names.map((name) => {
    const { label, harm, cost } = predictors[name];
    return judged({ name, label, cost }, pairs, targets, () => (own) => own.map((pair) => harm * pair[name]));
  });
  const together = judged({ name: "all together", label: "all together", cost: "all" }, pairs, targets, (known) => {
    const columns = (rows: readonly ForetoldPair[]) =>
      names.map((name) =>
        ranksWithin(
          rows.map((pair) => pair[name]),
          rows.map(({ target }) => target),
        ),
      );
    const drops = ranksWithin(
      known.map(({ drop }) => drop),
      known.map(({ target }) => target),
    );
    const weights = ridge(columns(known), drops, 1);
    return (own) => {
      const ranks = columns(own);
      return own.map((_, i) => ranks.reduce((sum, column, c) => sum + weights[c] * column[i], 0));
    };
  });
  return [...single, together];
}

function judged(
  about: Pick<Foretelling, "name" | "label" | "cost">,
  pairs: readonly ForetoldPair[],
  targets: readonly string[],
  fit: (known: readonly ForetoldPair[]) => (own: readonly ForetoldPair[]) => number[],
): Foretelling {
  const cells = targets.map((target) => {
    const own = pairs.filter((pair) => pair.target === target);
    const known = pairs.filter((pair) => pair.target !== target && pair.partner !== target);
    const foretold = fit(known)(own);
    const drops = own.map(({ drop }) => drop);
    const chosen = foretold.indexOf(Math.min(...foretold));
    return { correlation: rankCorrelation(foretold, drops), regret: drops[chosen] - Math.min(...drops) };
  });
  const byTarget = cells.map(({ correlation }) => correlation);
  const correlation = meanOver(byTarget);
  return madeFrom(
    { ...about, correlation, byTarget, regret: meanOver(cells.map(({ regret }) => regret)).effect },
    pairs,
  );
}

function meanOver(values: readonly number[]): Effect {
  const known = values.filter(Number.isFinite);
  if (known.length < 2) return { effect: known[0] ?? Number.NaN, low: Number.NaN, high: Number.NaN };
  const places = known.map((_, i) => i);
  return jackknife(places, (without) => mean(known.filter((_, i) => i !== without)));
}

/**
 * The number of the question on predictors: the rank correlation of the best single predictor minus FSD's. For each target the best is the one
 * that does best on the other targets, so that it is not chosen on what it is judged by.
 */
export function predictorEffects(found: readonly Foretelling[]): ClaimEffect[] {
  const fsd = found.find(({ name }) => name === "fsd") as Foretelling;
  const singles = found.filter(({ name }) => name !== "all together");
  const differences = fsd.byTarget.map((own, t) => {
    const elsewhere = (one: Foretelling) =>
      mean(one.byTarget.filter((value, i) => i !== t && Number.isFinite(value)).concat(0));
    const best = singles.reduce((a, b) => (elsewhere(b) > elsewhere(a) ? b : a));
    return best.byTarget[t] - own;
  });
  const effect = meanOver(differences);
  const few: ClaimEffect = { undecided: "fewer than 3 targets can be compared" };
  return [madeFrom(differences.filter(Number.isFinite).length < 3 ? few : effect, found)];
}

/**
 * Bars of the rank correlation of each predictor, with intervals over targets, in the order of the first.
 * @param byRegime what was found, by how the adapters came to be, in words
 */
export function predictorFigure(byRegime: Readonly<Record<string, readonly Foretelling[]>>): Figure {
  const [first] = Object.values(byRegime);
  const order = inOrder(first).map(({ name }) => name);
  const groups = Object.entries(byRegime).map(([name, found]) => {
    const sorted = order.map((one) => found.find((own) => own.name === one) as Foretelling);
    return {
      ...{ name, categories: sorted.map(({ label }) => label) },
      values: sorted.map(({ correlation }) => correlation.effect),
      low: sorted.map(({ correlation }) => correlation.low),
      high: sorted.map(({ correlation }) => correlation.high),
    };
  });
  return madeFrom(
    barFigure(groups, {
      title: "What foretells the harm of a partner",
      subtitle: "bars: mean over targets; whiskers: 95% intervals",
      ...{ x: "", y: "rank correlation with the drop", width: 900, height: 480 },
    }),
    Object.values(byRegime),
  );
}

/** The highest rank correlation first; what is not known last. */
function inOrder(found: readonly Foretelling[]): Foretelling[] {
  const value = ({ correlation }: Foretelling) =>
    Number.isFinite(correlation.effect) ? correlation.effect : Number.NEGATIVE_INFINITY;
  return [...found].sort((a, b) => value(b) - value(a));
}

const costs: Record<Foretelling["cost"], string> = {
  weights: "weights alone",
  texts: "texts through the encoder",
  forward: "texts through both adapters",
  gradients: "gradients on texts",
  mixture: "texts through the mixture",
  all: "all of these",
};

/** One row a predictor: rank correlation, regret of the partner that it chooses, and what it costs. */
export function predictorTable(found: readonly Foretelling[]): Cells[] {
  return madeFrom(
    inOrder(found).map(({ label, correlation, regret, cost }) => ({
      predictor: label,
      "rank correlation (95%)": formatEffect(correlation, 2),
      "regret of its choice (points)": regret,
      "looks at": costs[cost],
    })),
    found,
  );
}

/** Whether anything foretells harm better than FSD, and what it looks at. */
export function describePredictors(found: readonly Foretelling[]): string {
  const [difference] = predictorEffects(found);
  const [verdict] = readPredictions("predictors").map((one) => decideBeyond(one, difference));
  const of = (name: Foretelling["name"]) => found.find((one) => one.name === name) as Foretelling;
  const singles = found.filter(({ name }) => name !== "all together");
  const [best] = inOrder(singles);
  const [ofWeights] = inOrder(singles.filter(({ cost }) => cost === "weights"));
  const text = (one: Foretelling) => formatEffect(one.correlation, 2);
  const gap = "undecided" in difference ? difference.undecided : formatEffect(difference, 2);
  return (
    `FSD reaches a rank correlation with the drop, within targets, of ${text(of("fsd"))}. The highest is ` +
    `${best.label}, ${text(best)}, which looks at ${costs[best.cost]}; of those that look at ` +
    `weights alone ${ofWeights.label}, ${text(ofWeights)}; all together reach ${text(of("all together"))}. Chosen on other targets, ` +
    `the best single predictor beats FSD by ${gap} (by 0.2 or more: ${verdict}). The partner that ${best.label} chooses loses ` +
    `${formatFixed(best.regret)} points more than the best partner would, that of FSD ${formatFixed(of("fsd").regret)}.`
  );
}
