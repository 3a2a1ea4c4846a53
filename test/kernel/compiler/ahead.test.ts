import assert from "node:assert/strict";
import test from "node:test";
import { projectPath } from "#src/files/project.js";
import type { Compiled } from "#src/kernel/compiler/protocol.js";
import { createService, type Service } from "#src/kernel/compiler/service.js";
import { readNotebook } from "#src/runner/notebook.js";

/** Cells after one another that declare, import, fail and shadow what others have declared. */
const cells = [
  "1 + 1",
  "const a = 3, b = 'x';\nfunction f(x: number) { return x * a; }\nf(2)",
  "class K { v = a; static s = 1; }\nnew K()",
  "let bad: string = a;",
  "a + missing",
  "enum E { P, Q }\ninterface I { k: K; e: E }\nconst i: I = { k: new K(), e: E.P };\n({ i, a })",
  "type T = typeof i;\nconst t: T = i;\nawait Promise.resolve(t)",
  "namespace N { export const q = 1 }",
  "declare global { interface Shared { z: 1 } }\nlet shared: Shared = { z: 1 }",
  "shared.z",
  "const fs = await import('node:fs');\nfs.existsSync('.')",
  "let stats: import('node:fs').Stats | undefined;\nstats",
  "/// <reference lib='dom' />\n1",
  "for await (const x of [1]) console.log(x)",
  "a",
  "export const own = 3",
  "own + 1",
  "const a = 'another'; a",
  "a.length",
  "// @ts-ignore\nlet s: string = 3;\ns",
  "// @ts-expect-error\nlet u: string = 's';",
  "function g<X>(x: X): X[] { return [x]; }",
  "g(a)[0].length",
  "const { p, q: [r] } = { p: 1, q: [2] }; r",
  "import { readFileSync } from 'node:fs';",
  "readFileSync",
  "early; const early = 2",
  "'use strict'",
  "",
  "this is no code(",
  "/** of a comment @param */ const w = new URL('http://a.b');\nw",
  "import { x } from './nowhere.js';",
  "1 + 1",
];

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as Compiled;

/** What a service says of cells, each of which knows what those before it have declared. */
function answers(service: Service, codes: readonly string[], prepared: boolean): object[] {
  let declarations = "";
  return codes.map((code, at) => {
    const said = plain(service.answer({ type: "convert", declarations, code, label: `cell ${at}` }));
    if (said.converted && !said.failure) declarations = said.converted.declOutput ?? declarations;
    if (prepared) service.prepare();
    if (at % 5 !== 4) return { code, said };
    const asked = { declarations, code: "a.", cursor: 2 };
    const about = (["complete", "inspect"] as const).map((type) => plain(service.answer({ type, ...asked })));
    if (prepared && at % 2 === 1) service.prepare();
    return { code, said, about };
  });
}

test("a cell whose program was made ahead comes to what it comes to without", () => {
  const folder = process.cwd();
  process.chdir(projectPath("notebooks"));
  try {
    const { cells: all } = readNotebook("00-tour.ipynb");
    const tour = all.filter(({ type }) => type === "code").map(({ source }) => source);
    const codes = [...cells, ...tour, ...cells];
    const without = answers(createService(), codes, false);
    for (const [at, one] of answers(createService(), codes, true).entries()) assert.deepEqual(one, without[at]);
  } finally {
    process.chdir(folder);
  }
});

test("what was made ahead is not used for other declarations", () => {
  const folder = process.cwd();
  process.chdir(projectPath("notebooks"));
  try {
    const service = createService();
    const told = (declarations: string, code: string) =>
      plain(service.answer({ type: "convert", declarations, code, label: "cell 1" }));
    const first = told("", "const n = 3;").converted?.declOutput ?? "";
    assert.match(first, /n = 3/);
    service.prepare();
    // As if the cell had failed when it ran: what it declared is not known.
    assert.match(told("", "n").failure?.evalue ?? "", /TS2304: Cannot find name 'n'/);
    service.prepare();
    assert.equal(told(first, "n + 1").failure, undefined);
  } finally {
    process.chdir(folder);
  }
});
