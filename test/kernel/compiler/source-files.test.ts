import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import type * as TypeScript from "typescript";
import { areFresh, keepDeclarations, takeKeptDeclarations, takenFiles } from "#src/kernel/compiler/source-files.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-declarations-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, "one.d.ts");
let read = 0;

function host(): TypeScript.CompilerHost {
  const own = {
    getSourceFile(name: string) {
      read++;
      return { isDeclarationFile: true, text: readFileSync(name, "utf8") };
    },
  } as unknown as TypeScript.CompilerHost;
  takeKeptDeclarations(own);
  return own;
}

const textOf = (one: TypeScript.CompilerHost) => one.getSourceFile(file, 99)?.text;

test("a declaration that was kept is taken as long as its text is the same", () => {
  writeFileSync(file, "declare const a: 1;");
  keepDeclarations(() => textOf(host()));
  assert.equal(read, 1);
  assert.equal(textOf(host()), "declare const a: 1;");
  assert.equal(read, 1);
  assert.deepEqual(takenFiles(), [file]);
  assert.deepEqual(takenFiles(), [], "looked at anew");

  utimesSync(file, new Date(), new Date(Date.now() + 5000)); // built anew, to the same text
  assert.equal(areFresh([file]), true);
  assert.equal(textOf(host()), "declare const a: 1;");
  assert.equal(read, 1);

  takenFiles();
  writeFileSync(file, "declare const a: 2;"); // of the same size
  utimesSync(file, new Date(), new Date(Date.now() + 9000));
  assert.equal(areFresh([file]), false);
  assert.equal(textOf(host()), "declare const a: 2;");
  assert.equal(read, 2);
  assert.equal(areFresh([path.join(folder, "never.d.ts")]), false);
});
