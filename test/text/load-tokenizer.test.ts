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
