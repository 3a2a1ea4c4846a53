import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { writeJsonAtomic } from "#src/files/atomic.js";
import { Budget } from "#src/files/budget.js";
import { parseJson, readJson, readJsonObject } from "#src/files/json.js";
import { jsonText } from "#src/files/json-text.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-json-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, "some.json");

function read(content: string | Uint8Array): unknown {
  writeFileSync(file, content);
  return readJson(file);
}

const utf16 = (text: string, big: boolean) => {
  const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
  return big ? bytes.swap16() : bytes;
};

test("JSON is read with any byte-order mark", () => {
  const text = '{"a":["é",1e3,-0.5,true,null,{}],"b\\"c":""}';
  const value = JSON.parse(text);
  for (const bytes of [text, `\uFEFF${text}`, utf16(text, false), utf16(text, true), ` \n\t${text}\r\n`]) {
    assert.deepEqual(read(bytes), value);
  }
});

const refused: [string, string | Uint8Array, RegExp][] = [
  ["nothing", "", /it ends too early: it was cut off/],
  ["white space", " \n ", /it ends too early/],
  ["a text cut off", '{"a": "b', /it ends too early.*, in line 1, column 9\.$/],
  ["an object cut off", '{"a": 1,\n "b', /it ends too early.*in line 2/],
  ["a page", "<!DOCTYPE html><html>", /it is an HTML page, not the file/],
  ["a pointer", "version https://git-lfs.github.com/spec/v1\noid x", /it is a Git LFS pointer.*git lfs pull/],
  ["zeros", new Uint8Array(100), /it is all zeros: its download broke off/],
  ["a gzip file", Uint8Array.of(0x1f, 0x8b, 8, 0), /it is packed by gzip/],
  ["Latin-1", Uint8Array.of(0x22, 0xe9, 0x22), /it is not UTF-8 text: save it as UTF-8/],
  ["a hub's error", '{"error":"Repository not found"}', /an error message of a hub/],
  ["NaN", '{"a": {"r": NaN}}', /"a\.r" is NaN, which is no finite number, in line 1, column 13/],
  ["Infinity", "[1, -Infinity]", /"1" is -Infinity, which is no finite number/],
  [
    "a literal that overflows",
    '{"config":{"scaling":1e999}}',
    /"config\.scaling" is 1e999, which is beyond every number/,
  ],
  ["a long literal that overflows", `{"a":${"9".repeat(400)}}`, /"a" is 9{119}…, which is beyond every number/],
  ["Python's words", '{"a": True}', /"a" is True, which JSON does not know/],
  ["a comma too many", '{"a": 1,}', /a key in double quotes is needed here, in line 1, column 9/],
  ["a comma too few", "[1 2]", /there is a "2" where a comma or "\]" is needed/],
  ["single quotes", "{'a': 1}", /a key in double quotes is needed here/],
  ["a tail", "{} {}", /something follows after its end/],
  ["a line end in a text", '"a\nb"', /goes over the end of its line/],
  ["an unknown escape", '"\\x41"', /the escape "\\x", which JSON does not know/],
  ["a leading zero", "[01]", /"0" is 01, which JSON does not know/],
  ["depth", "[".repeat(1e5) + "]".repeat(1e5), /it is nested more than 64 levels deep/],
  ["many values", `[${"0,".repeat(600_000)}0]`, /its values would be more than the 500000 parts/],
  [
    "much text",
    `"${"x".repeat(9 * 2 ** 20)}"`,
    /the file would take 9 MB, and a file of this kind may take 8 MB in all/,
  ],
  ["control characters in a key", '{"\\u001b[2J": NaN}', /"\\u001b\[2J" is NaN/],
];
for (const [what, content, message] of refused) {
  test(`${what}: refused, with the file's name`, () => {
    assert.throws(() => read(content), message);
    assert.throws(() => readJson(file), /^Error: Cannot read ".*some\.json" as JSON: /);
  });
}

test("a file that is no object is told what it is", () => {
  for (const [content, what] of Object.entries({ null: "null", "[]": "a list", "1": "a number", '"x"': "a string" })) {
    writeFileSync(file, content);
    assert.throws(() => readJsonObject(file), new RegExp(`some\\.json" holds ${what}, where an object`));
  }
});

test("a key twice is refused where it must be", () => {
  assert.deepEqual(parseJson('{"a":1,"a":2}', "x"), { a: 2 });
  assert.throws(() => parseJson('{"a":1,"\\u0061":2}', "x", { uniqueKeys: true }), /it has the key "a" twice/);
});

test("what JSON.parse reads is read as it reads it, and the rest is refused", () => {
  const roomy = () => new Budget("encoder", { depth: 1000 });
  fc.assert(
    fc.property(fc.json(), (text) => assert.deepEqual(parseJson(text, "x", { budget: roomy() }), JSON.parse(text))),
  );
  const alphabet = [...'{}[]:,"\\01-+.eEtrufalsn \n\té'];
  const anyText = fc.array(fc.constantFrom(...alphabet), { maxLength: 12 }).map((symbols) => symbols.join(""));
  fc.assert(
    fc.property(anyText, (text) => {
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        assert.throws(() => parseJson(text, "x"), /^Error: Cannot read x as JSON: .*, in line \d+, column \d+\.$/s);
        return;
      }
      if (!/[eE]/.test(text)) assert.deepEqual(parseJson(text, "x"), expected);
    }),
    { numRuns: 3000 },
  );
});

test("nothing that is not finite is written, and its place is named", () => {
  assert.throws(() => jsonText({ a: [{ b: Number.NaN }] }), /^Error: a\.0\.b is NaN, which no file may hold/);
  const target = path.join(folder, "out.json");
  assert.throws(() => writeJsonAtomic(target, { rows: [1, 1 / 0] }), /out\.json": rows\.1 is Infinity/);
  assert.throws(() => readJson(target), /there is no such file/);
});
