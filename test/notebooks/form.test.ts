import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { type Cell, cellTags, type Notebook, readNotebook } from "#src/runner/notebook.js";

const namesIn = (folder: string) =>
  readdirSync(projectPath(folder))
    .filter((name) => name.endsWith(".ipynb"))
    .sort();
const main = namesIn("notebooks");
const solutions = namesIn("notebooks/solutions");
const all: [string, Notebook][] = [
  ...main.map((name) => `notebooks/${name}`),
  ...solutions.map((name) => `notebooks/solutions/${name}`),
].map((name) => [name, readNotebook(projectPath(name))]);

const wordsIn = (text: string) => text.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length;
const ofType = ({ cells }: Notebook, type: Cell["type"]) => cells.filter((cell) => cell.type === type);

for (const [name, notebook] of all) {
  test(`${name}: markdown cells of 30 to 90 words, code cells of at most 25 lines of 88 characters`, () => {
    for (const { id, source } of ofType(notebook, "markdown")) {
      const words = wordsIn(source);
      assert.ok(words >= 30 && words <= 90, `${id} has ${words} words: ${source.slice(0, 60)} …`);
    }
    for (const cell of ofType(notebook, "code")) {
      const { id, source } = cell;
      const lines = source.split("\n");
      assert.ok(lines.length <= 25, `${id} has ${lines.length} lines`);
      for (const line of lines) assert.ok(line.length <= 88, `${id} has a line of ${line.length}: ${line}`);
      const byHand = cellTags(cell).includes("by-hand");
      if (!byHand) assert.doesNotMatch(source, /\b(?:for|while) \(/, `${id} holds a loop: it belongs into src/`);
    }
    const ids = notebook.cells.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, "cell ids differ");
  });

  test(`${name}: opens with text, then the cell of parameters`, () => {
    const [first, second] = notebook.cells;
    assert.equal(first.type, "markdown");
    assert.deepEqual(cellTags(second), ["parameters"]);
    const own = notebook.metadata.signmix as { title?: string; minutes?: Record<string, number> };
    assert.ok(own.title);
    for (const profile of ["smoke", "classroom", "compact", "paper"]) assert.ok(own.minutes?.[profile], profile);
  });
}

for (const name of main) {
  const notebook = readNotebook(projectPath("notebooks", name));
  const markdown = ofType(notebook, "markdown").map(({ source }) => source);

  test(`${name}: says what it shows, needs and takes; asks to guess; has one cell to change and three exercises`, () => {
    for (const heading of ["**What you will see.**", "**What it needs.**", "**Minutes.**"]) {
      assert.ok(markdown[0].includes(heading), heading);
    }
    const guesses = markdown.join("\n").match(/Guess first: [^?]*\?/g) ?? [];
    assert.ok(guesses.length >= 2 && guesses.length <= 3, `${guesses.length} questions to guess first`);
    assert.equal(notebook.cells.filter((cell) => cellTags(cell).includes("change-me")).length, 1);
    const last = markdown[markdown.length - 1];
    assert.ok(last.startsWith("## Exercises"));
    assert.equal(last.match(/^\d\. /gm)?.length, 3);
  });

  test(`${name}: shows its method by hand in one or two cells, says its regime, and opens a study in one line`, () => {
    const byHand = notebook.cells.filter((cell) => cellTags(cell).includes("by-hand"));
    assert.ok(byHand.length === 1 || byHand.length === 2, `${byHand.length} cells are tagged by-hand`);
    for (const { id, source } of byHand) {
      const lines = source.split("\n").filter((line) => line.trim() !== "");
      assert.ok(lines.length >= 4 && lines.length <= 14, `${id} has ${lines.length} lines`);
      assert.match(source, /\bsm\./, `${id} calls no verb of the method`);
    }
    assert.match(notebook.cells[1].source, /^const regime = "paper"; \/\/ or "controlled"/m);
    const opening = ofType(notebook, "code").flatMap(({ source }) => source.match(/^const study = .*$/gm) ?? []);
    assert.deepEqual(opening.length, 1);
    assert.match(opening[0], /sm\.openStudy\(\{ .*regime.* \}\);$/);
  });

  test(`${name}: has worked solutions, and a line on the front page`, () => {
    assert.ok(existsSync(projectPath("notebooks", "solutions", name)));
    const worked = ofType(readNotebook(projectPath("notebooks", "solutions", name)), "markdown");
    const headings = worked.flatMap(({ source }) => source.match(/^## \d\. /gm) ?? []);
    assert.deepEqual(headings, ["## 1. ", "## 2. ", "## 3. "]);
    assert.ok(readFileSync(projectPath("README.md"), "utf8").includes(`(notebooks/${name})`));
  });
}

test("the table of minutes in environment/README.md says what the notebooks say", () => {
  const rows = [
    ...readFileSync(projectPath("environment", "README.md"), "utf8").matchAll(
      /^\| (\d\d) \| [^|]+ \| (\d+) \| (\d+) \|$/gm,
    ),
  ];
  const told = rows.map(([, number, classroom, compact]) => [number, Number(classroom), Number(compact)]);
  const known = main.map((name) => {
    const { minutes } = readNotebook(projectPath("notebooks", name)).metadata.signmix as {
      minutes: Record<string, number>;
    };
    return [name.slice(0, 2), minutes.classroom, minutes.compact];
  });
  assert.deepEqual(told, known);
});

test("no solution is left of a notebook that is gone", () => {
  assert.deepEqual(
    solutions.filter((name) => !main.includes(name)),
    [],
  );
});
