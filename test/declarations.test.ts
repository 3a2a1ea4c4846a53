import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type TypeScript from "typescript";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, "dist");

test("the declarations that notebooks read are valid for tslab's own TypeScript 5.0", () => {
  const fromTslab = createRequire(createRequire(import.meta.url).resolve("tslab"));
  const ts: typeof TypeScript = fromTslab("@tslab/typescript-for-tslab");
  assert.match(ts.version, /^5\.0\./);
  const declarations = readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".d.ts"))
    .map((file) => path.join(dist, file));
  // As tslab compiles a cell, except that declaration files are checked too.
  const program = ts.createProgram(declarations, {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.NodeJs,
    esModuleInterop: true,
    resolveJsonModule: true,
    types: ["node"],
    noEmit: true,
  });
  const errors: string[] = [];
  for (const file of program.getSourceFiles()) {
    if (path.relative(dist, file.fileName).startsWith("..")) continue;
    for (const diagnostic of [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]) {
      const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
      errors.push(`${path.relative(root, file.fileName)}: ${message}`);
    }
  }
  assert.deepEqual(errors, []);
});
