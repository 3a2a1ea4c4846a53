import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { say } from "#src/display/say.js";
import { show } from "#src/display/show.js";
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
