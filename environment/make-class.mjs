// A class's folder: clean copies of the notebooks, for students. `npm run class` makes it, and `-- --offline` an archive that holds one.
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./build.mjs";
import { setUp } from "./setup.mjs";

await setUp();
const { exercises } = await import("../dist/chapters/exercises.js");
const { sha256 } = await import("../dist/files/hash.js");
const { workplaceFile } = await import("../dist/files/workplace.js");
const { cellTags, notebookText, readNotebook } = await import("../dist/runner/notebook.js");

/** A cell of a class notebook. Jupyter hides the source of an answer and its outputs until they are asked for. */
const markdown = (id, source, tags = []) => cell(id, "markdown", source, { tags });
const code = (id, source, tags = []) => cell(id, "code", source, { tags });
const folded = (id, source) =>
  cell(id, "code", source, { tags: ["answer"], jupyter: { source_hidden: true, outputs_hidden: true } });

function cell(id, type, source, { tags, ...metadata }) {
  const tagged = tags.length > 0 ? { ...metadata, tags } : metadata;
  return { id, type, source, metadata: tagged, outputs: [], executionCount: null };
}

const NOTE =
  "*This is your own copy: write into it what you like. Outputs, figures and results go to `class/`. " +
  "Answers stand folded below each exercise; they build on the notebook's cells and set some of its names anew.*";

/** A source with paths as they are from a class's folder, in which everything that is written stays. */
const inClass = (source, from) =>
  source.replaceAll(/"(?:\.\.\/)+dist\/index\.js"/g, `"${from}"`).replaceAll(/(?:\.\.\/)?\.cache\/own\//g, "own/");

/** The exercises that a notebook's last cell lists, one text each. */
function exerciseTexts(source) {
  return source
    .split(/^(?=\d\. )/m)
    .slice(1)
    .map((text) => text.replace(/^\d\. /, "").trim());
}

/** The cells of a solution, exercise by exercise: those below `## 1. …`, and so on. */
function answersOf(solution) {
  const answers = [];
  for (const one of solution.cells) {
    if (one.type === "markdown" && /^## \d\. /.test(one.source)) answers.push({ text: one.source, code: [] });
    else if (one.type === "code" && answers.length > 0) answers.at(-1).code.push(one);
  }
  return answers;
}

function exerciseCells(number, at, text, answer, from) {
  const [id, name] = [`${number}.${at}`, `exercise-${at}`];
  const known = exercises[id];
  const how = known && `\n\n*To check:* give \`sm.check\` ${known.takes}.`;
  const work = known ? `// Your work.\n\n// await sm.check("${id}", ${known.form});` : "// Your work.";
  const [heading, ...lines] = answer.text.split("\n");
  const told = `<details><summary>Answer to exercise ${at}: ${heading.replace(/^## \d\. /, "")}</summary>\n\n${lines.join("\n").trim()}\n\nThe cell below, whose code is folded, computes it.\n\n</details>`;
  return [
    markdown(name, `## Exercise ${at}\n\n${text}${how ?? ""}`),
    code(`${name}-work`, work),
    markdown(`${name}-answer`, told, ["answer"]),
    ...answer.code.map(({ source }, i) => folded(`${name}-answer-${i + 1}`, inClass(source, from))),
  ];
}

/** A notebook as students get it, which imports the project's code `from` a path or by its name. */
function classNotebook(name, notebook, solution, from) {
  const number = name.slice(0, 2);
  const answers = answersOf(solution);
  const cells = notebook.cells.flatMap((one, at) => {
    if (one.type === "code") {
      return [{ ...one, source: inClass(one.source, from), outputs: [], executionCount: null }];
    }
    if (one.source.startsWith("## Exercises")) {
      return exerciseTexts(one.source).flatMap((text, i) => exerciseCells(number, i + 1, text, answers[i], from));
    }
    const opened = at === 0 ? { ...one, source: `${one.source}\n\n${NOTE}` } : one;
    const asks = /Guess first: /.test(one.source);
    return asks ? [opened, markdown(`${one.id}-guess`, "**My guess:** …", ["guess"])] : [opened];
  });
  const quiet = cells.map((one) =>
    cellTags(one).includes("volatile") ? { ...one, metadata: { ...one.metadata, tags: [] } } : one,
  );
  return { cells: quiet, metadata: notebook.metadata };
}

/** The notebooks as students get them, by file name, as texts. */
function classTexts(from) {
  const folder = path.join(root, "notebooks");
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  return names.sort().map((name) => {
    const [notebook, solution] = [path.join(folder, name), path.join(folder, "solutions", name)].map(readNotebook);
    return [name, notebookText(classNotebook(name, notebook, solution, from))];
  });
}

/** The next free name in a folder: `02-mix-adapters-1.ipynb`, `-2` and so on. */
function freeName(folder, name) {
  const stem = name.replace(/\.ipynb$/, "");
  for (let n = 1; ; n++) {
    const file = path.join(folder, `${stem}-${n}.ipynb`);
    if (!existsSync(file)) return file;
  }
}

/** The stored rows that a class begins with, so that nothing is computed that the project has computed. */
const stored = ["data", "results", "classroom"];

function resultsHash() {
  const folder = path.join(root, ...stored);
  const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  return sha256(
    files
      .sort()
      .map((name) => `${name} ${sha256(readFileSync(path.join(folder, name)))}`)
      .join("\n"),
  );
}

/**
 * Makes a class's folder, or completes it.
 * @returns {{ made: string[], kept: string[], moved: [from: string, to: string][] }} notebooks made, left as they were, and put aside
 */
export function makeClass(folder, { reset = false } = {}) {
  mkdirSync(folder, { recursive: true });
  const done = { made: [], kept: [], moved: [] };
  const beside = existsSync(path.join(folder, "..", "dist", "index.js"));
  for (const [name, text] of classTexts(beside ? "../dist/index.js" : "signmix")) {
    const file = path.join(folder, name);
    const known = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    if (known === text || (known !== undefined && !reset)) {
      done.kept.push(name);
      continue;
    }
    if (known !== undefined) {
      const earlier = path.join(folder, "earlier");
      mkdirSync(earlier, { recursive: true });
      const aside = freeName(earlier, name);
      copyFileSync(file, aside);
      done.moved.push([name, path.join("earlier", path.basename(aside))]);
    }
    writeFileSync(file, text);
    done.made.push(name);
  }
  const mark = path.join(folder, workplaceFile);
  const hash = resultsHash();
  if (reset || !existsSync(mark) || readFileSync(mark, "utf8") !== hash) {
    // Rows can be computed again; notebooks, figures and files cannot, so they stay.
    if (reset)
      for (const rows of ["results", ".cache"]) rmSync(path.join(folder, rows), { recursive: true, force: true });
    cpSync(path.join(root, ...stored), path.join(folder, "results", "classroom"), { recursive: true });
    writeFileSync(mark, hash);
  }
  return done;
}
