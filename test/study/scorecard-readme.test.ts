import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { DecisionRule } from "#src/study/decision-rules.js";
import type { ScorecardRow } from "#src/study/scorecard.js";
import { putScorecard, scorecardMarkdown } from "#src/study/scorecard-readme.js";

const rule = { claim: "Mixing harms.", statistic: "mean drop", unit: "points", direction: "above", margin: 1 } as const;
const rules: DecisionRule[] = [
  { id: "C1", ...rule },
  { id: "C9", ...rule, claim: "Luck helps.", unit: "correlation" },
];
const row = (effect: number, verdict: ScorecardRow["verdict"], seeds: number): ScorecardRow => ({
  ...{ id: "C1", claim: rule.claim, statistic: rule.statistic, unit: rule.unit, margin: "above 1" },
  ...{ effect, low: effect - 1, high: effect + 1, verdict, seeds },
});
const readme = join(fileURLToPath(import.meta.url), "..", "..", "..", "README.md");

test("profiles stand side by side, a failing claim like a holding one, and every rule has its line", () => {
  const cards: Record<string, ScorecardRow[]> = {
    classroom: [row(3.456, "provisional: holds", 1)],
    compact: [row(-2, "fails", 3)],
  };
  const table = scorecardMarkdown((profile) => cards[profile], rules);
  const [header, , first, second, , words] = (table ?? "").split("\n");
  assert.match(header, /\| classroom \(1 seed\): effect \[95% interval\] \| classroom: verdict \| compact \(3 seeds\)/);
  assert.equal(
    first,
    "| C1 | Mixing harms. | mean drop above 1 points | 3.5 [2.5, 4.5] points | **provisional: holds** | -2.0 [-3.0, -1.0] points | **fails** |",
  );
  assert.equal(second, "| C9 | Luck helps. | mean drop above 1 | – | not measured | – | not measured |");
  assert.match(words, /\(data\/decision-rules\.json\)/);
});

test("a profile without a scorecard has no column, and without any there is no table", () => {
  const table = scorecardMarkdown((profile) => (profile === "compact" ? [row(2, "unclear", 3)] : []), rules);
  assert.doesNotMatch(table ?? "", /classroom/);
  assert.equal(
    scorecardMarkdown(() => [], rules),
    undefined,
  );
});

test("the table goes between the markers and nowhere else; twice is the same as once", () => {
  const text = "# Title\n\n<!-- scorecard -->\nold\n<!-- /scorecard -->\n\nrest\n";
  const once = putScorecard(text, "| new |");
  assert.equal(once, "# Title\n\n<!-- scorecard -->\n\n| new |\n\n<!-- /scorecard -->\n\nrest\n");
  assert.equal(putScorecard(once, "| new |"), once);
  for (const wrong of ["none", "<!-- scorecard --> alone", `${text}${text}`])
    assert.throws(() => putScorecard(wrong, "| new |"), /needs the lines <!-- scorecard --> and/);
});

const table = scorecardMarkdown();

test("README.md holds the scorecards as they are", { skip: table ? false : "no profile has a scorecard yet" }, () => {
  const text = readFileSync(readme, "utf8");
  assert.equal(putScorecard(text, table as string), text, "run npm run scorecard");
});
