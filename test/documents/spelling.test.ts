import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { readNotebook } from "#src/runner/notebook.js";
import { documents, textOf } from "./documents.js";

interface Speller {
  correct(word: string): boolean;
}
const require = createRequire(import.meta.url);
const dictionary = path.dirname(require.resolve("dictionary-en-gb"));
const nspell = require("nspell") as (affixes: Buffer, words: Buffer) => Speller;
const speller = nspell(
  readFileSync(path.join(dictionary, "index.aff")),
  readFileSync(path.join(dictionary, "index.dic")),
);

/** Names and terms that a British dictionary does not have, one a line, in alphabetical order. */
const own = readFileSync(projectPath("test", "documents", "words.txt"), "utf8")
  .trim()
  .split("\n");

/** The prose of Markdown: without code, formulas, links' targets, comments and addresses. */
function proseOf(markdown: string): string {
  return markdown
    .replace(/^```[\s\S]*?^```$/gm, " ")
    .replace(/^ {4}\S.*$/gm, " ")
    .replace(/<!--[\s\S]*?-->/g, " ")
    .replace(/`[^`]*`/g, " ")
    .replace(/\$\$[\s\S]*?\$\$|\$[^$\n]+\$/g, " ")
    .replace(/\]\([^)]*\)/g, "] ")
    .replace(/https?:\S+|\S+\.(?:org|com)\b|\S*\/\S*|\S+\.(?:json|mjs|cff|md|svg|csv)\b/g, " ");
}

function wordsOf(markdown: string): string[] {
  const found = proseOf(markdown).match(/[\p{L}\p{N}_@]+(?:['’]\p{L}+)*/gu) ?? [];
  return found.filter((word) => !/[\p{N}_@]/u.test(word)).map((word) => word.replaceAll("’", "'"));
}

/**
 * The texts that a reader sees: documents, and the notebooks' Markdown. What scripts write (the gallery, the list of public names, tables of benchmarks, the scorecard, samples
 * of generated text) is no prose of ours.
 */
function texts(): [string, string][] {
  const notebooks = ["notebooks", "notebooks/solutions"].flatMap((folder) =>
    readdirSync(projectPath(folder))
      .filter((name) => name.endsWith(".ipynb"))
      .map((name) => path.join(folder, name)),
  );
  return [
    ...documents()
      .filter((name) => !name.startsWith("figures/") && name !== "src/README.md")
      .map((name): [string, string] => [
        name,
        textOf(name).replace(/^## Samples[\s\S]*|<!-- scorecard -->[\s\S]*<!-- .scorecard -->/m, ""),
      ]),
    ...notebooks.map((name): [string, string] => {
      const { cells } = readNotebook(projectPath(name));
      return [
        name,
        cells
          .filter(({ type }) => type === "markdown")
          .map(({ source }) => source)
          .join("\n\n"),
      ];
    }),
  ];
}

test("documents and notebooks are spelt as a British dictionary or words.txt has it", () => {
  const known = new Set(own);
  const bare = (word: string) => word.replace(/'s$|'$/, "");
  const right = (word: string) =>
    known.has(word) || known.has(bare(word)) || speller.correct(word) || speller.correct(bare(word));
  const wrong = texts().flatMap(([name, text]) =>
    [...new Set(wordsOf(text))].filter((word) => !right(word)).map((word) => `${name}: ${word}`),
  );
  assert.deepEqual(wrong, [], "mend the word, or put it into test/documents/words.txt if it is right");
});

test("words.txt is sorted, and holds no word that the dictionary has or no text uses", () => {
  assert.deepEqual(
    own,
    [...new Set(own)].sort((a, b) =>
      a.toLowerCase() < b.toLowerCase() ? -1 : a.toLowerCase() > b.toLowerCase() ? 1 : a < b ? -1 : 1,
    ),
  );
  const used = new Set(
    texts().flatMap(([, text]) => wordsOf(text).flatMap((word) => [word, word.replace(/'s$|'$/, "")])),
  );
  assert.deepEqual(
    own.filter((word) => speller.correct(word) || !used.has(word)),
    [],
  );
});
