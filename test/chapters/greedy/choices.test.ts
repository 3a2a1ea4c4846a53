import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChoiceOutcome, choiceClaims, choicesBySize, shareCaptured } from "#src/chapters/greedy/choices.js";
import { choicesFigure } from "#src/chapters/greedy/paper-figures.js";
import { describeFsdChoices } from "#src/chapters/greedy/sentences.js";
import { fsdChoiceTable } from "#src/chapters/greedy/tables.js";
import type { Effect } from "#src/statistics/effect.js";
import { readPaper } from "#src/study/paper.js";

const targets = ["a", "b", "c", "d"];

/** Made-up outcomes of three sizes of a pool of four: at the largest all mixtures are one. */
function outcomes(change: Partial<ChoiceOutcome> = {}): ChoiceOutcome[] {
  const row = (target: string, size: number): ChoiceOutcome => ({
    least: size === 2 ? [target, target === "a" ? "b" : "a"] : targets.slice(0, size),
    most: targets.slice(0, size),
    ...{ method: "houlsby", seed: 1, target, size, ownChoice: true, single: 0.9, luck: 0.01 },
    ...{ max: 0.84, best: 0.8, leastFsd: 0.79, mean: 0.76, mostFsd: 0.74, worst: 0.73, min: 0.7 },
    ...change,
  });
  const alone = { max: 0.9, best: 0.9, leastFsd: 0.9, mean: 0.9, mostFsd: 0.9, worst: 0.9, min: 0.9 };
  const all = { max: 0.6, best: 0.6, leastFsd: 0.6, mean: 0.6, mostFsd: 0.6, worst: 0.6, min: 0.6 };
  return targets.flatMap((target) => [
    { ...row(target, 1), ...alone },
    row(target, 2),
    row(target, 3),
    { ...row(target, 4), ...all },
  ]);
}

const near = (actual: number, wanted: number) => assert.ok(Math.abs(actual - wanted) < 1e-9, `${actual}`);

test("G1 and G1m look at the sizes with a choice, beside the cross-fitted best and worst", () => {
  const { G1, G1m } = choiceClaims(outcomes(), targets) as Record<string, Effect>;
  near(G1.effect, 1);
  near(G1m.effect, 1);
  near(shareCaptured(outcomes(), ({ leastFsd }) => leastFsd).effect, 0.75);
  const some = outcomes().map((row) => (row.target === "d" ? { ...row, leastFsd: 0 } : row));
  near((choiceClaims(some, ["a", "b", "c"]).G1 as Effect).effect, 1);
  assert.deepEqual(choiceClaims(some, ["a", "d"]).G1, { undecided: "2 targets count, an interval needs 3" });
});

test("two adapters leave nothing to choose: no claim, no share, and a sentence that says so", () => {
  const two = outcomes().filter(({ size, target }) => size < 3 && target < "c");
  assert.deepEqual(choiceClaims(two, targets).G1, { undecided: "0 targets count, an interval needs 3" });
  assert.equal(fsdChoiceTable(two)[2]["share of best − random (%)"], "–");
  assert.match(describeFsdChoices(two), /^Two adapters leave nothing to choose/);
});

test("the sentence tells what is captured, or that there is too little to capture", () => {
  assert.match(
    describeFsdChoices(outcomes()),
    /does 4\.0 points better than a random one \(4\.0 \[4\.0, 4\.0\]\)\. Of that the least-FSD choice captures 75% \[75, 75\]\.$/,
  );
  assert.match(describeFsdChoices(outcomes({ best: 0.75 })), /1\.0 points worse .* too little/);
});

test("by size: the paper's maximum and the cross-fitted best stand side by side, with the marks of the paper's figure", () => {
  const rows = choicesBySize(outcomes());
  assert.deepEqual(
    rows.map(({ size }) => size),
    [1, 2, 3, 4],
  );
  near(rows[1].best as number, 0.8);
  const { data, layout } = choicesFigure(rows, readPaper());
  assert.equal(data.length, 11);
  const named = (name: string) => data.filter((trace) => trace.name === name)[0];
  near((named("least-FSD choice").y as number[])[1], -11);
  const symbolOf = (name: string) => (named(name).marker as { symbol: string }).symbol;
  assert.equal(symbolOf("least-FSD choice"), "circle");
  assert.equal(symbolOf("paper, least-FSD choice"), "circle-open");
  assert.equal((layout.xaxis as { tickvals: number[] }).tickvals.length, 13, "ticks for the paper's sizes too");
});
