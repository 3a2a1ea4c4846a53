import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { writeFileAtomic, writeJsonAtomic } from "#src/files/atomic.js";
import { appendJsonLines, readJsonLines } from "#src/files/json-lines.js";

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "signmix-"));
});
after(() => rmSync(folder, { recursive: true }));

it("JSON lines come back in order, none from a missing file", () => {
  const path = join(folder, "deeper", "rows.jsonl");
  assert.deepEqual(readJsonLines(path), []);
  appendJsonLines(path, { a: 1 }, [2]);
  appendJsonLines(path, "é");
  assert.deepEqual(readJsonLines(path), [{ a: 1 }, [2], "é"]);
});

it("a line torn by a killed run is left out, and cut off by the next append", () => {
  const path = join(folder, "torn.jsonl");
  appendJsonLines(path, 1, 2);
  appendFileSync(path, '{"half":');
  assert.deepEqual(readJsonLines(path), [1, 2]);
  appendJsonLines(path, 3);
  assert.equal(readFileSync(path, "utf8"), "1\n2\n3\n");
  writeFileSync(path, "{");
  appendJsonLines(path, 4);
  assert.deepEqual(readJsonLines(path), [4]);
});

it("a damaged whole line is refused by its number", () => {
  const path = join(folder, "damaged.jsonl");
  writeFileSync(path, "1\nx\n3\n");
  assert.throws(() => readJsonLines(path), /Line 2 of ".*damaged\.jsonl" is not JSON \(.*\); remove it or the file/);
});

it("a file is written whole or not at all, and no temporary file stays", () => {
  const place = join(folder, "atomic");
  const path = join(place, "a.json");
  writeJsonAtomic(path, { a: [1] });
  assert.equal(readFileSync(path, "utf8"), '{\n  "a": [\n    1\n  ]\n}\n');
  writeFileAtomic(path, "new");
  assert.equal(readFileSync(path, "utf8"), "new");
  // a folder cannot be replaced by a file
  assert.throws(() => writeFileAtomic(place, "x"));
  assert.deepEqual(readdirSync(place), ["a.json"]);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".tmp")),
    [],
  );
});
