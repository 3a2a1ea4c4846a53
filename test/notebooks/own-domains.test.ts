import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { stringify } from "csv-stringify/sync";
import { classroomDomain } from "#src/domains/classroom/generate.js";
import type { DomainName } from "#src/domains/domain.js";
import { projectPath } from "#src/files/project.js";
import { type Output, readNotebook } from "#src/runner/notebook.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-own-notebooks-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A table of a reader's, whose domain has a name that the project does not know. */
function table(name: string, like: DomainName): string {
  const { train, labels } = classroomDomain(like, { train: 110, dev: 0, test: 0 });
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, stringify([["text", "label"], ...train.map(({ text, label }) => [text, labels[label]])]));
  return path;
}

/** Runs all notebooks at the smoke profile; gives the text of each one's outputs, by its name. */
async function outputsOf(name: string, flags: readonly string[]): Promise<[string, string][]> {
  const output = join(folder, name);
  const program = projectPath("environment", "reproduce.mjs");
  const child = spawn(process.execPath, [program, "--profile", "smoke", "--output", output, ...flags]);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  assert.equal(code, 0, said.slice(-4000));
  const textOf = (one: Output) => JSON.stringify(one);
  return readdirSync(output)
    .sort()
    .map((file) => [
      file,
      readNotebook(join(output, file))
        .cells.flatMap(({ outputs }) => (outputs ?? []).map(textOf))
        .join("\n"),
    ]);
}

const notebooks = readdirSync(projectPath("notebooks")).filter((name) => name.endsWith(".ipynb"));
/** Notebook 09 is about two tables, and 08 goes beyond the paper; once is enough for both. */
const studied = notebooks.filter((name) => !/^0[89]/.test(name));
const allStudied = studied.flatMap((name) => ["--only", name.slice(0, 2)]);

function assertSound(outputs: readonly [string, string][], expected = studied): void {
  assert.equal(outputs.length, expected.length);
  const unsound = outputs.flatMap(([file, text]) =>
    [...text.matchAll(/.{0,120}\b(?:NaN|undefined|Infinity)\b.{0,60}/g)].map(([found]) => `${file}: ${found}`),
  );
  assert.deepEqual(unsound, []);
}

const shared = process.env.SIGNMIX_SHARED;

describe("all notebooks run on other domains than the profile's, and nothing is empty", { concurrency: 2 }, () => {
  test("on two tables of the reader's alone", async () => {
    const tables = [table("remarks", "sst2"), table("headlines", "ag_news")];
    assertSound(await outputsOf("alone", ["--domains", tables.join(",")]), notebooks);
  });

  const four = "rte,ag_news,authorship,tweets";
  const real = shared ? ["--data", join(shared, "data")] : [];
  test(`on one of the reader's beside four ${shared ? "real" : "generated"} ones`, async () => {
    const domains = `${table("notes", "financial")},${four}`;
    assertSound(await outputsOf("beside", ["--domains", domains, ...real, ...allStudied]));
  });
});
