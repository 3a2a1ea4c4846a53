import assert from "node:assert/strict";
import test from "node:test";
import vm from "node:vm";
import { ts } from "#src/kernel/compiler/converter.js";
import { plainCell, plainMap } from "#src/kernel/compiler/plain-cell.js";

/** TypeScript's own step, with tslab's settings. */
function transpiled(text: string): string {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, noImplicitUseStrict: true };
  return ts.transpileModule(text, { fileName: "custom.js", compilerOptions }).outputText;
}

/** What a text exports, as JSON: its values are of another realm. */
function exportsOf(code: string): string {
  const exports: Record<string, unknown> = {};
  vm.runInNewContext(code, { exports });
  return JSON.stringify(Object.entries(exports).sort());
}

const plain = [
  "export const tsLastExpr = 1 + 1;\n",
  "export const tsLastExpr = 1 + 1;\nexport {};\n",
  `exports.seed = 4;\nexport const tsLastExpr0 = \`x\nexport {};\n\${exports.seed}\`;\nexport {};\n`,
  "export const tsLastExpr = \n/* a sum */ 1 +\n    2;\n",
  "export const tsLastExpr = (() => { const x = 3; return { x }; })();\n",
  "export {};\n",
  "",
];

test("a cell that declares nothing comes to what TypeScript's own step makes of it", () => {
  for (const text of plain) {
    const code = plainCell(ts, text);
    assert.ok(code !== undefined, text);
    assert.equal(exportsOf(code), exportsOf(transpiled(text)), text);
    const [, ...lines] = code.split("\n");
    assert.deepEqual(
      lines.map((line) => line.length),
      text.split("\n").map((line) => line.length),
      "every line keeps its length, so that positions are those of the map",
    );
  }
});

test("what declares, imports or is a directive is left to TypeScript", () => {
  for (const text of [
    "let a = 1;\nexport { a };\n",
    'import { b } from "b";\nexport const tsLastExpr = b;\n',
    'export const tsLastExpr = await import("node:fs");\n',
    'export * from "b";\n',
    "export default 3;\n",
    "export const one = 1, two = 2;\n",
    "export const one = 1;\nexport const two = one + 1;\n", // a reader's own module
    '"use strict";\nexport const tsLastExpr = 1;\n',
    "for (const x of [1]) { exports.y = x; }\n",
    "export class A {}\n",
  ])
    assert.equal(plainCell(ts, text), undefined, text);
});

test("the map of a plain cell begins a line later", () => {
  const map = JSON.stringify({ version: 3, mappings: "0BACA,CAAC;AACA", sources: ["cell"], names: [] });
  assert.equal(JSON.parse(plainMap(map)).mappings, ";0BACA,CAAC;AACA");
});
