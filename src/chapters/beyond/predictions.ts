import { readFileSync } from "node:fs";
import { formatEffect, formatFixed } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { projectPath } from "../../files/project.js";
import { madeFrom } from "../../results/origin.js";
import type { Effect } from "../../statistics/effect.js";
import { type Verdict, type VerdictRule, verdictOf } from "../../statistics/verdict.js";
import { marginText } from "../../study/decision-rules.js";
import type { ClaimEffect } from "../../study/scorecard.js";

/** A question of notebook 08. */
export type BeyondQuestion = "dose" | "strength" | "ways" | "criteria" | "predictors" | "methods" | "tasks";

/** What was predicted of a number before it was computed, and how it is decided. */
export interface BeyondPrediction {
  question: BeyondQuestion;
  number: string;
  rule: VerdictRule;
  expected: number;
  /** Where it is expected to lie, as sure as 4 in 5. */
  low: number;
  high: number;
  reason: string;
}

/** The predictions of `data/predictions/beyond.json`, of one question or all. */
export function readPredictions(question?: BeyondQuestion): BeyondPrediction[] {
  const path = projectPath("data", "predictions", "beyond.json");
  const { predictions } = JSON.parse(readFileSync(path, "utf8")) as { predictions: BeyondPrediction[] };
  return predictions.filter((one) => question === undefined || one.question === question);
}

/** Whether the whole interval lies where the rule says; `undecided` where there is none. */
export function decideBeyond({ rule }: BeyondPrediction, found: ClaimEffect): Verdict | "undecided" {
  if ("undecided" in found || ![found.effect, found.low, found.high].every(Number.isFinite)) return "undecided";
  return verdictOf(rule, found);
}

/** Each number of a question beside what was predicted of it, and what its rule decides. */
export function decisionTable(question: BeyondQuestion, found: readonly ClaimEffect[]): Cells[] {
  const rows = readPredictions(question).map((prediction, i) => {
    const { number, rule, expected, low, high } = prediction;
    const effect = found[i];
    return {
      number,
      predicted: `${formatFixed(expected, 2)} [${formatFixed(low, 2)}, ${formatFixed(high, 2)}]`,
      "found (95%)": "undecided" in effect ? `– (${effect.undecided})` : formatEffect(effect, 2),
      "as predicted": "undecided" in effect ? "–" : low <= effect.effect && effect.effect <= high ? "yes" : "no",
      rule: marginText(rule),
      verdict: decideBeyond(prediction, effect),
    };
  });
  return madeFrom(rows, found);
}

/** The same, in words: "12.0 points [8.0, 16.0]". */
export function inPoints(found: ClaimEffect): string {
  return "undecided" in found ? `not decided (${found.undecided})` : `${formatEffect(found as Effect)} points`;
}
