import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { diffScorecards } from "#src/cli/commands/results-diff.js";
import type { ScorecardRow } from "#src/study/scorecard.js";
import { scorecardDiff } from "#src/study/scorecard-diff.js";

const found = (effect: number, verdict: "holds" | "fails") => ({ effect, low: effect - 1, high: effect + 1, verdict });
const card = (id: string, regimes: ScorecardRow["regimes"]): ScorecardRow => ({
  id,
  regimes,
  seeds: 3,
  methods: ["lora"],
});

const before = [
  card("F4", { paper: found(5, "fails"), controlled: found(5, "fails") }),
  card("F1", { paper: found(9, "holds"), controlled: found(8, "holds") }),
];
const after = [
  card("F1", { paper: found(9, "holds"), controlled: found(7, "holds") }),
  card("F4", { paper: found(1, "holds"), controlled: { undecided: "2 targets count" } }),
  card("P1", { controlled: found(0.5, "holds") }),
];

test("each claim in each regime, in the order of the rules, with what changed", () => {
  const rows = scorecardDiff(before, after).map(({ id, regime, changed }) => [id, regime, changed]);
  assert.deepEqual(rows, [
    ["F1", "paper", "nothing"],
    ["F1", "controlled", "numbers"],
    ["F4", "paper", "verdict"],
    ["F4", "controlled", "verdict"],
    ["P1", "controlled", "verdict"],
  ]);
  const [, , { before: was, after: is }] = scorecardDiff(before, after);
  assert.deepEqual([was, is], ["5.0 [4.0, 6.0] points: fails", "1.0 [0.0, 2.0] points: holds"]);
});

test("signmix results diff reads files, folders and clones, and refuses what is none", () => {
  const folder = mkdtempSync(join(tmpdir(), "signmix-diff-"));
  const [a, b] = ["a.json", "scorecard.json"].map((name) => join(folder, name));
  writeFileSync(a, JSON.stringify(before));
  writeFileSync(b, JSON.stringify(after));
  let text = "";
  const out = (part: string) => {
    text += part;
  };
  const output = { out, err: () => {}, progress: () => {}, width: 80 };
  assert.equal(diffScorecards([a, folder], output), 0);
  assert.match(
    text,
    /F1, controlled: Accuracy falls as adapters are added\.\n {2}before {2}8\.0 .*\n {2}after {3}7\.0/,
  );
  assert.match(text, /F4, in the paper's regime: .*\n.*\n {2}after .*\(another verdict\)\n/);
  assert.match(text, /\n5 entries: 3 with another verdict, 1 with other numbers, 1 as before\.\n$/);
  text = "";
  assert.equal(diffScorecards(["classroom", "classroom"], output), 0);
  assert.match(text, /0 with another verdict, 0 with other numbers/);
  assert.throws(() => diffScorecards([a, join(folder, "none")], output), /There is no scorecard at ".*none": name a/);
  assert.throws(() => diffScorecards([a], output), /Name two scorecards/);
});
