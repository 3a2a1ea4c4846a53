import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { say } from "#src/display/say.js";
import { show } from "#src/display/show.js";
import { examplesFromTable } from "#src/domains/examples-from-table.js";
import { domainFromTable } from "#src/domains/from-table.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-from-table-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("what a table brings moves no cursor of the terminal that a note, a table or a sentence is shown in", async (context) => {
  const said: string[] = [];
  for (const name of ["warn", "log"] as const)
    context.mock.method(console, name, (text: string) => void said.push(text));
  const hostile = "\u001b[2J\u009b1A";
  const label = (i: number) => (i % 2 ? "pos" : `neg${hostile}`);
  const rows = Array.from({ length: 40 }, (_, i) => `text ${i};${label(i)}`);
  // the note on the delimiter names the file
  const file = join(folder, process.platform === "win32" ? "rows.csv" : `rows${hostile}.csv`);
  writeFileSync(file, `text;label\n${rows.join("\n")}\n`);
  const domain = await domainFromTable(file);
  await show([{ label: domain.labels[0], rows: 20 }]);
  say(`The labels are ${domain.labels.join(", ")}.`);
  assert.equal(said.length, 3);
  assert.match(said[1], /neg\\u001b\[2J\\u009b1A/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not reach a terminal
  for (const text of said) assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
});

test("a column that is not there is answered with all of a dozen, and with thirty of very many", async () => {
  const table = (columns: number) => {
    const file = join(folder, `${columns}.csv`);
    const line = (cell: (i: number) => string) => Array.from({ length: columns }, (_, i) => cell(i)).join(",");
    writeFileSync(file, `${line((i) => `column${i}`)}\n${line((i) => `${i}`)}\n${line((i) => `${i + 1}`)}\n`);
    return file;
  };
  const options = { text: "body", label: "column0" };
  const twelve = Array.from({ length: 12 }, (_, i) => `column${i}`).join(", ");
  for (const read of [domainFromTable, examplesFromTable]) {
    const [all, some] = [table(12), table(1000)].map((file) => read(file, { ...options, labels: ["0", "1"] }));
    await assert.rejects(all, new RegExp(`has no column "body"; its columns are ${twelve}\\.`));
    await assert.rejects(some, /column28, column29 and 970 more\. Name the one you mean/);
  }
});
