import { readFileSync } from "node:fs";
import { projectPath } from "../files/project.js";
import type { Effect } from "../statistics/effect.js";

/** How one claim is decided: fixed before the first measured run, in `data/decision-rules.json`. */
export interface DecisionRule {
  id: string;
  claim: string;
  statistic: string;
  unit: "points" | "correlation";
  /** On which side of the margin the claim lies. */
  direction: "above" | "below";
  margin: number;
}

/** `holds`: the whole interval lies beyond the margin in the claim's direction; `fails`: wholly on the other side. */
export type Verdict = "holds" | "fails" | "unclear";

/** All rules, in the order of the scorecard. */
export function decisionRules(): DecisionRule[] {
  const file = projectPath("data", "decision-rules.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { rules: DecisionRule[] }).rules;
}

/** Applies a rule to an effect and nothing else. An interval that touches the margin is `unclear`. */
export function decide(rule: DecisionRule, { effect, low, high }: Effect): Verdict {
  if (!(low <= effect && effect <= high)) {
    throw new Error(`${rule.id}: the interval [${low}, ${high}] does not hold the effect ${effect}.`);
  }
  const above = low > rule.margin;
  const below = high < rule.margin;
  if (!above && !below) return "unclear";
  return above === (rule.direction === "above") ? "holds" : "fails";
}
