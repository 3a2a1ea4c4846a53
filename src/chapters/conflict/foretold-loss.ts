import type { Adapter } from "../../adapters/adapter.js";
import { readJsonObject } from "../../files/json.js";
import { projectPath } from "../../files/project.js";
import { cosineSimilarity } from "../../mixing/similarity.js";
import { distanceMoved } from "../../signs/distance-moved.js";
import { flipShare } from "../../signs/flip-share.js";
import { fractionOfSignDifference } from "../../signs/sign-difference.js";
import { weightedSignDifference } from "../../signs/weighted-sign-difference.js";
import type { Effect } from "../../statistics/effect.js";

/** What is measured on a target and a partner by their weights alone, and whether their starts must be known. */
export const weightMeasures = {
  weightedDisagreement: { needsStart: true, of: (target, partner) => weightedSignDifference(target, partner) },
  cosine: {
    needsStart: true,
    of: (target, partner) => cosineSimilarity(target, partner, { weights: "change" }),
  },
  fsdOfChange: {
    needsStart: true,
    of: (target, partner) => fractionOfSignDifference(target, partner, { weights: "change" }).overall,
  },
  partnerMoved: { needsStart: true, of: (_, partner) => distanceMoved(partner) },
  fsd: { needsStart: false, of: (target, partner) => fractionOfSignDifference(target, partner).overall },
  flipShare: { needsStart: false, of: (target, partner) => flipShare([target, partner], target).overall },
} as const satisfies Record<string, { needsStart: boolean; of: (target: Adapter, partner: Adapter) => number }>;

/** The name of a measure of weights. */
export type WeightMeasure = keyof typeof weightMeasures;

/** A straight line from a measure of weights to points lost, and how far it errs on domains that it was not fitted on. */
export interface LossLine {
  measure: WeightMeasure;
  /** The measure in words. */
  label: string;
  intercept: number;
  slope: number;
  /** Least and greatest value of the measure among the pairs. */
  from: number;
  to: number;
  /**
   * Of a line that was chosen and fitted without the domain it is tried on, in points: its mean absolute error, what nine of
   * ten pairs stay within, and the mean absolute error of saying the mean of the other pairs.
   */
  error: number;
  ninety: number;
  errorOfMean: number;
  /** Rank correlation with the points lost, within targets, of the measure that the other targets choose. */
  rank: Effect;
}

/** The lines, and what they were fitted on. */
export interface LossLines {
  about: string;
  fittedOn: {
    profile: string;
    encoder: string;
    method: string;
    reductionFactor: number;
    seed: number;
    regimes: string[];
    domains: string[];
    pairs: number;
    /** Points lost by a pair in the mean. */
    mean: number;
  };
  /** The best measure of those that need known starts first, then the best of the others. */
  lines: LossLine[];
}

/** The file of the lines: `environment/foretell.mjs` writes it from stored rows. */
export const lossLinesFile = () => projectPath("data", "foretold-loss.json");

/** Reads the lines that the project ships. */
export function readLossLines(file = lossLinesFile()): LossLines {
  return readJsonObject(file) as unknown as LossLines;
}
