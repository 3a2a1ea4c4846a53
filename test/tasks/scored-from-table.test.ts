import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { scoredFromTable } from "#src/tasks/scored-from-table.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-scores-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const rows = (count: number) => Array.from({ length: count }, (_, i) => `text ${i},other ${i},${i / 10}`).join("\n");

test("a table with a number in each row is a domain; equal texts stay together", async () => {
  const file = write("pairs.csv", `a,b,likeness\n${rows(50)}\ntext 7,other 7,0.9\n`);
  const columns = { text: "a", textPair: "b", score: "likeness" };
  const domain = await scoredFromTable(file, { ...columns, name: "pairs" });
  assert.deepEqual([domain.name, domain.task, domain.outputs], ["pairs", "regression", ["score"]]);
  const sizes = [domain.train, domain.dev, domain.test].map(({ length }) => length);
  assert.equal(
    sizes.reduce((a, b) => a + b),
    51,
  );
  assert.ok(sizes[2] >= 10 && sizes[2] <= 12 && sizes[1] >= 4 && sizes[1] <= 6, String(sizes));
  const splitOf = (score: number) =>
    (["train", "dev", "test"] as const).find((split) =>
      domain[split].some((one) => one.text === "text 7" && one.score === score),
    );
  assert.equal(splitOf(0.7), splitOf(0.9));
  assert.deepEqual(await scoredFromTable(file, { ...columns, name: "pairs" }), domain);
});

test("splits may be files of their own", async () => {
  const train = write("train.csv", `text,score\nred,1\ngreen,2\nblue,3\nblack,4\nwhite,5\npink,5\n`);
  const test_ = write("test.csv", "text,score\nyellow,2.5\n");
  const domain = await scoredFromTable({ train, test: test_ });
  assert.deepEqual(domain.test, [{ text: "yellow", score: 2.5 }]);
  assert.equal(domain.train.length + domain.dev.length, 6);
});

const refused: [what: string, text: string, message: RegExp][] = [
  ["a word for a number", "text,score\na,1\nb,much\n", /line 3: "score" is "much", not a finite number/],
  ["no number", "text,score\na,1\nb,\n", /line 3: "score" is .*, not a finite number/],
  ["no text", "text,score\na,1\n,2\n", /line 3: "text" is .*, not a text/],
  ["a decimal comma", 'text,score\na,1\nb,"3,5"\n', /line 3: .*not a finite number; decimals take a point/],
  [
    "one score for all",
    `text,score\n${"abcdefghijklmn".replace(/./g, "$&,2\n")}`,
    /every score is 2, so that there is nothing/,
  ],
  ["another column", "text,likeness\na,1\nb,2\n", /has no column "score"/],
  ["too few rows", "text,score\na,1\nb,2\n", /has too few rows to deal out .*: give ten or more/],
];
for (const [what, text, message] of refused) {
  test(`a table with ${what} is refused by file and line`, async () => {
    await assert.rejects(scoredFromTable(write("refused.csv", text)), message);
  });
}
