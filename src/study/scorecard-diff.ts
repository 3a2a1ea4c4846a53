import { decisionRules } from "./decision-rules.js";
import { regimes } from "./in-regime.js";
import { type ScorecardRow, verdictText } from "./scorecard.js";
import type { RegimeName } from "./study.js";

/** A claim in one regime, before and after a change. */
export interface ClaimDifference {
  id: string;
  claim: string;
  regime: RegimeName;
  before: string;
  after: string;
  /** What changed: the verdict, the numbers alone, or nothing. */
  changed: "verdict" | "numbers" | "nothing";
}

/** Every claim of two scorecards in each regime where one of them has it, in the order of the rules. */
export function scorecardDiff(before: readonly ScorecardRow[], after: readonly ScorecardRow[]): ClaimDifference[] {
  return decisionRules().flatMap((rule) => {
    const [old, now] = [before, after].map((rows) => rows.find(({ id }) => id === rule.id));
    return (Object.keys(regimes) as RegimeName[]).flatMap((regime) => {
      const [a, b] = [old?.regimes[regime], now?.regimes[regime]];
      if (!a && !b) return [];
      const [was, is] = [a, b].map((verdict) => (verdict && "verdict" in verdict ? verdict.verdict : "undecided"));
      const same = JSON.stringify(a) === JSON.stringify(b);
      const changed = same ? "nothing" : was !== is || !a || !b ? "verdict" : "numbers";
      return [
        {
          ...{ id: rule.id, claim: rule.claim, regime, changed },
          ...{ before: verdictText(rule, a), after: verdictText(rule, b) },
        },
      ];
    });
  });
}
