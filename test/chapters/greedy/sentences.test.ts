import assert from "node:assert/strict";
import { test } from "node:test";
import type { RegretRow } from "#src/chapters/greedy/regret.js";
import { describeRegret } from "#src/chapters/greedy/sentences.js";
import { regretTable } from "#src/chapters/greedy/tables.js";

const targets = ["a", "b", "c", "d"];

/** Made-up regrets of every picker: `of` gives the points. */
function regretRows(of: (picker: RegretRow["picker"], target: number) => number): RegretRow[] {
  const pickers = ["fsd", "fsdOfChange", "cosine", "text", "movedLeast", "random"] as const;
  return targets.flatMap((target, t) =>
    pickers.map((picker) => {
      const regret = of(picker, t);
      return { ...{ method: "houlsby", seed: 1, target, size: 2, picker, regret }, accuracy: 0.9 - regret / 100 };
    }),
  );
}

test("regret is read from the numbers: surely better, surely worse, or not to be told", () => {
  const better = describeRegret(
    regretRows((picker, t) => (picker === "random" ? 3 : picker === "fsd" ? 1 : 2) + t / 100),
  );
  assert.match(better, /ends 1\.0 points below the cross-fitted best/);
  assert.match(better, /surely less regret than a random choice \(difference -2\.0/);
  assert.match(better, /comes first; the one with least regret is "least FSD, grown" \(1\.0 points\)/);
  const worse = describeRegret(regretRows((picker) => (picker === "random" ? 0 : picker === "fsd" ? 4 : 2)));
  assert.match(worse, /surely more regret/);
  assert.match(worse, /comes fifth/);
  const open = describeRegret(regretRows((picker, t) => (picker === "fsd" ? 4 * (-1) ** t - 1 : 0)));
  assert.match(open, /ends 1\.0 points above the cross-fitted best.*cannot be told/);
});

test("the table of regrets has a row for each picker, and random is not beside itself", () => {
  const rows = regretTable(regretRows(() => 1));
  assert.equal(rows.length, 6);
  assert.equal(rows[0]["regret [95%]"], "1.0 [1.0, 1.0]");
  assert.equal(rows[5]["beside random [95%]"], "");
  assert.equal(rows[0]["at least as good as the best"], "0 of 4");
});
