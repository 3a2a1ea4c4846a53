import assert from "node:assert/strict";
import { test } from "node:test";
import type { DecisionRule } from "#src/study/decision-rules.js";
import type { ClaimVerdict, ScorecardRow } from "#src/study/scorecard.js";
import { scorecardMarkdown } from "#src/study/scorecard-readme.js";

const rule = { claim: "Mixing harms.", statistic: "mean drop", unit: "points", direction: "above", margin: 1 } as const;
const rules: DecisionRule[] = [
  { id: "F1", ...rule, paper: { effect: 11.907, from: "table 1" } },
  { id: "F9", ...rule, claim: "Luck helps.", unit: "correlation", paper: { effect: null, from: "nowhere" } },
];
const found = (effect: number, verdict: "holds" | "fails" | "provisional: holds"): ClaimVerdict => ({
  ...{ effect, low: effect - 1, high: effect + 1, verdict },
});
const row = (seeds: number, regimes: ScorecardRow["regimes"]): ScorecardRow => ({
  ...{ id: "F1", regimes, seeds, methods: ["pfeiffer"] },
});

test("profiles stand side by side, both regimes of each, and every rule has its line and the paper's number", () => {
  const cards: Record<string, ScorecardRow[]> = {
    classroom: [row(1, { paper: found(3.456, "provisional: holds"), controlled: { undecided: "2 targets count" } })],
    compact: [row(3, { paper: found(-2, "fails") })],
  };
  const [header, , first, second, , words] = scorecardMarkdown((profile) => cards[profile], rules).split("\n");
  assert.match(
    header,
    /\| paper \| classroom \(1 seed\), in the paper's regime \| classroom \(1 seed\), controlled \|/,
  );
  assert.equal(
    first,
    "| F1 | Mixing harms. | mean drop above 1 point | 11.9 points | 3.5 [2.5, 4.5] points: **provisional: holds** | undecided: 2 targets count | -2.0 [-3.0, -1.0] points: **fails** | not measured |",
  );
  assert.equal(second, `| F9 | Luck helps. | mean drop above 1 | not read off${" | not measured".repeat(4)} |`);
  assert.match(words, /\(data\/decision-rules\.json\)/);
});

test("a profile without a scorecard has no column; without any the rules and the paper's numbers stand alone", () => {
  const some = scorecardMarkdown((profile) => (profile === "compact" ? [row(3, {})] : []), rules);
  assert.doesNotMatch(some, /classroom/);
  const none = scorecardMarkdown(() => [], rules).split("\n");
  assert.equal(none[2], "| F1 | Mixing harms. | mean drop above 1 point | 11.9 points |");
});
