import { readFileSync } from "node:fs";
import { projectPath } from "../files/project.js";
import type { Effect } from "../statistics/effect.js";
import { type Verdict, type VerdictRule, verdictOf } from "../statistics/verdict.js";

/** How one claim of the paper is decided: fixed before the runs that decide it, in `data/decision-rules.json`. */
export interface DecisionRule {
  id: string;
  claim: string;
  statistic: string;
  unit: "points" | "correlation" | "log ratio";
  /** On which side of the margin the claim lies, or `within` ± it. */
  direction: "above" | "below" | "within";
  margin: number;
  /** The paper's own number for the statistic, null where it could not be read off, and where it stands. */
  paper: { effect: number | null; from: string };
}

/** All rules, in the order of the scorecard. */
export function decisionRules(): DecisionRule[] {
  const file = projectPath("data", "decision-rules.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { rules: DecisionRule[] }).rules;
}

/** Applies a rule to an effect and nothing else. An interval that touches the margin is `unclear`. */
export function decide(rule: DecisionRule, effect: Effect): Verdict {
  try {
    return verdictOf(rule, effect);
  } catch (error) {
    throw new Error(`${rule.id}: ${(error as Error).message}`, { cause: error });
  }
}

/** Where a rule's whole interval has to lie: "above 1 point", "within ±0.3". */
export function marginText({ direction, margin, unit }: VerdictRule & { unit?: DecisionRule["unit"] }): string {
  const points = margin === 1 ? " point" : " points";
  return `${direction} ${direction === "within" ? "±" : ""}${margin}${unit === "points" ? points : ""}`;
}
