import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { loadTokenizer } from "#src/text/load-tokenizer.js";
import { accidentIn } from "../documents/accidents.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-tokenizer-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const sound = readFileSync(projectPath("data", "signmix-mini", "tokenizer.json"), "utf8");
const changed = (change: (definition: Record<string, unknown>) => void) => {
  const definition = JSON.parse(sound);
  change(definition);
  return JSON.stringify(definition);
};

const damaged: Record<string, string> = {
  "a token without its text": changed((it) => {
    it.added_tokens = [{ id: 0, single_word: false }];
  }),
  "no model": changed((it) => {
    delete it.model;
  }),
  "a model that is a number": changed((it) => {
    it.model = 7;
  }),
  "no vocabulary": changed((it) => {
    it.model = { type: "WordPiece" };
  }),
  "a list of tokens that is an object": changed((it) => {
    it.added_tokens = {};
  }),
  "a post-processor without its template": changed((it) => {
    it.post_processor = { type: "TemplateProcessing" };
  }),
  "a post-processor whose type is a list": changed((it) => {
    it.post_processor = { type: [{}, {}] };
  }),
  "a normalizer that is a list": changed((it) => {
    it.normalizer = [];
  }),
};

for (const [what, text] of Object.entries(damaged)) {
  test(`a tokenizer.json with ${what} is refused by its folder, in words of our own`, () => {
    writeFileSync(join(folder, "tokenizer.json"), text);
    assert.throws(
      () => loadTokenizer(folder),
      (error: Error) => error.message.includes(folder) && accidentIn(error.message) === undefined,
    );
  });
}

test("a sound one is read", () => {
  writeFileSync(join(folder, "tokenizer.json"), sound);
  assert.ok(loadTokenizer(folder).encode("see").inputIds.length >= 3);
});

/** A folder whose tokenizer cuts texts by a regular expression, its name written in JSON as given. */
function cutting(pattern: string, field = "Regex", encoding: "utf8" | "utf16le" = "utf8"): string {
  const text = changed((it) => {
    it.pre_tokenizer = { type: "Split", pattern: { NAME: pattern }, behavior: "Isolated", invert: false };
  }).replace('"NAME"', `"${field}"`);
  writeFileSync(join(folder, "tokenizer.json"), `${encoding === "utf8" ? "" : "\uFEFF"}${text}`, encoding);
  return folder;
}

test("a regular expression that takes for ever is given up by a stated limit, however its field and its file are written", () => {
  for (const [field, encoding] of [
    ["Regex", "utf8"],
    ["\\u0052\\u0065gex", "utf8"],
    ["Regex", "utf16le"],
  ] as const) {
    const { encode, tokenize } = loadTokenizer(cutting("(a+)+$", field, encoding));
    assert.deepEqual(tokenize("see"), loadTokenizer(projectPath("data", "signmix-mini")).tokenize("see"));
    const started = performance.now();
    assert.throws(() => encode(`${"a".repeat(60)}!`), {
      message: `A regular expression in tokenizer.json of "${folder}" takes more than 2.0 s for a text of 61 characters, which is the limit; take the tokenizer from its publisher.`,
    });
    assert.ok(performance.now() - started < 10_000);
    assert.equal(encode("see").inputIds.length, 3); // it works as before
  }
});
