import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { exercises } from "#src/chapters/exercises.js";
import { projectPath } from "#src/files/project.js";
import { workplace } from "#src/files/workplace.js";
import { type Cell, cellTags, readNotebook } from "#src/runner/notebook.js";

interface Done {
  made: string[];
  kept: string[];
  moved: [string, string][];
}
type MakeClass = (folder: string, options?: { reset?: boolean }) => Done;

const folder = mkdtempSync(path.join(tmpdir(), "signmix-class-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const names = readdirSync(projectPath("notebooks")).filter((name) => name.endsWith(".ipynb"));
let makeClass: MakeClass;
let first: Done;

before(async () => {
  ({ makeClass } = await import(pathToFileURL(projectPath("environment", "make-class.mjs")).href));
  first = makeClass(folder);
});

const cellsOf = (name: string): Cell[] => readNotebook(path.join(folder, name)).cells;
const sourcesOf = (name: string) => cellsOf(name).map(({ source }) => source);

test("every notebook has a clean copy: no outputs, room for each guess and exercise, answers folded", () => {
  assert.deepEqual(first, { made: names.sort(), kept: [], moved: [] });
  for (const name of names) {
    const cells = cellsOf(name);
    assert.ok(cells.every(({ outputs, executionCount }) => outputs.length === 0 && executionCount === null));
    const asked = cells.filter(({ type, source }) => type === "markdown" && source.includes("Guess first: "));
    assert.equal(cells.filter((cell) => cellTags(cell).includes("guess")).length, asked.length, name);
    for (const at of [1, 2, 3]) assert.ok(sourcesOf(name).some((source) => source.startsWith(`## Exercise ${at}\n`)));
    const answers = cells.filter((cell) => cellTags(cell).includes("answer"));
    assert.ok(
      answers.some(({ type }) => type === "code"),
      name,
    );
    for (const { type, source, metadata } of answers) {
      if (type === "code") assert.deepEqual(metadata.jupyter, { outputs_hidden: true, source_hidden: true });
      else assert.match(source, /^<details><summary>Answer to exercise \d: .*<\/details>$/s);
    }
    const ids = cells.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, `${name}: cell ids differ`);
    for (const source of sourcesOf(name)) assert.doesNotMatch(source, /"\.\.\/\.\.\/dist|\.cache/);
  }
});

test("each exercise that has a check says how it is called", () => {
  const all = names.flatMap(sourcesOf).join("\n");
  for (const [id, { form }] of Object.entries(exercises))
    assert.ok(all.includes(`// await sm.check("${id}", ${form});`), id);
});

test("a student's work stays; --reset puts it aside and makes clean copies", () => {
  const [name] = names;
  const file = path.join(folder, name);
  const clean = readFileSync(file, "utf8");
  const mine = clean.replace("**My guess:** …", "**My guess:** three");
  assert.notEqual(mine, clean);
  writeFileSync(file, mine);
  assert.deepEqual(makeClass(folder).made, []);
  assert.equal(readFileSync(file, "utf8"), mine);
  assert.deepEqual(makeClass(folder, { reset: true }).moved, [[name, path.join("earlier", name.replace(".", "-1."))]]);
  assert.equal(readFileSync(file, "utf8"), clean);
  assert.equal(readFileSync(path.join(folder, "earlier", name.replace(".", "-1.")), "utf8"), mine);
  writeFileSync(file, `${mine}\n`);
  makeClass(folder, { reset: true });
  assert.ok(existsSync(path.join(folder, "earlier", name.replace(".", "-2."))), "an earlier one is not written over");
});

test("what runs in the folder finds it, and the stored rows in it", () => {
  assert.equal(workplace(path.join(folder, "earlier"))?.folder, folder);
  assert.equal(workplace(projectPath("notebooks")), undefined);
  assert.ok(existsSync(path.join(workplace(folder)?.results ?? "", "classroom", "train.jsonl")));
});

test("npm run lab takes workers and memory out of JupyterLab's arguments", async () => {
  const { limitsOf } = await import(pathToFileURL(projectPath("environment", "lab.mjs")).href);
  assert.deepEqual(limitsOf(["class", "--workers", "1", "--no-browser", "--memory", "500"]), {
    rest: ["class", "--no-browser"],
    env: { SIGNMIX_WORKERS: "1", SIGNMIX_MEMORY: "500" },
  });
  assert.throws(() => limitsOf(["--workers", "none"]), /--workers takes a whole number, 1 or more, not "none"/);
});
