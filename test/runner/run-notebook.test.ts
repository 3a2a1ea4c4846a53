import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { projectPath } from "#src/files/project.js";
import type { KernelSpec } from "#src/runner/kernel-client.js";
import { type Cell, type Notebook, readNotebook, writeNotebook } from "#src/runner/notebook.js";
import { type RunOptions, runNotebook } from "#src/runner/run-notebook.js";

const specFile = projectPath(".jupyter", "kernels", "tslab", "kernel.json");
const spec = existsSync(specFile) ? (JSON.parse(readFileSync(specFile, "utf8")) as KernelSpec) : undefined;
const skip = spec ? false : "the kernel's description is missing: npm run setup";
const small = projectPath("test", "fixtures", "notebooks", "small.ipynb");
const folder = mkdtempSync(path.join(tmpdir(), "signmix-notebooks-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function notebookOf(...sources: string[]): Notebook {
  const cells = sources.map((source, at): Cell => {
    return { id: `c${at}`, type: "code", source, metadata: {}, outputs: [], executionCount: null };
  });
  return { cells, metadata: {} };
}

function run(notebook: Notebook, options: Partial<RunOptions> = {}) {
  return runNotebook(notebook, {
    file: path.join(folder, "n.ipynb"),
    spec: spec as KernelSpec,
    secondsPerCell: 60,
    ...options,
  });
}

test("a notebook runs with parameters; tables, figures, progress and streams come out as in Jupyter", {
  skip,
}, async () => {
  const seen: string[] = [];
  const { notebook, failure } = await run(readNotebook(small), {
    file: small,
    parameters: { points: 4 },
    onCell: ({ cell, cells, name, seconds }) => seconds !== undefined && seen.push(`${cell}/${cells} ${name}`),
  });
  assert.equal(failure, undefined);
  assert.deepEqual(seen.slice(2), ["3/5 A figure", "4/5 Streams and progress", "5/5 Streams and progress"]);
  const [, injected, table, figure, streams, value] = notebook.cells.filter((cell) => cell.type === "code");
  assert.deepEqual(injected.metadata.tags, ["injected-parameters"]);
  assert.equal(injected.executionCount, 2);
  const [shown] = table.outputs as { data: Record<string, string> }[];
  assert.match(shown.data["text/html"], /<td style="text-align:left">&lt;mix 4&gt;<\/td>/);
  assert.match(shown.data["text/plain"], /^profile smoke\nk {2}name/);
  const [drawn] = figure.outputs as { data: Record<string, unknown> }[];
  assert.deepEqual(Object.keys(drawn.data), ["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"]);
  assert.match(String(drawn.data["image/svg+xml"]), /^<svg/);
  assert.deepEqual(
    streams.outputs.map((output) => (output.output_type === "stream" ? [output.name, output.text] : "display")),
    ["display", ["stdout", "one\ntwo\n"], ["stderr", "on stderr\n"], ["stdout", "three\n"]],
  );
  assert.deepEqual(value.outputs, [
    { output_type: "execute_result", data: { "text/plain": "4" }, metadata: {}, execution_count: 6 },
  ]);
  assert.equal((notebook.metadata.language_info as { name: string }).name, "typescript");
});

test("a failing cell is named with its line and message, and what ran before is kept", { skip }, async () => {
  const { notebook, failure } = await run(
    notebookOf(
      "const check = (x: number) => {\n  if (x > 1) throw new RangeError('too much: ' + x);\n  return x;\n};\nconsole.log('kept');",
      "// a comment and blank lines, which compiling drops\n\ninterface Unused {\n  a: string;\n}\n\nconst x: number = await Promise.resolve(2);\n\ncheck(x);",
      "console.log('never');",
    ),
  );
  assert.equal(failure?.message, "n.ipynb, code cell 2, line 9: RangeError: too much: 2\n    check(x);");
  assert.deepEqual(notebook.cells[0].outputs, [{ output_type: "stream", name: "stdout", text: "kept\n" }]);
  assert.deepEqual(notebook.cells[2].outputs, []);
});

test("a cell that fails for want of what may be wanting is passed over, with what follows from it; another error is not", {
  skip,
}, async () => {
  const passing = [
    "const told: string[] = [];",
    "const texts = await Promise.reject(new Error('Not at hand: texts'));",
    "console.log(texts);",
    "const both = { texts, told };",
    "console.log('goes on', told.length);",
  ];
  const { notebook, failure, passedOver } = await run(notebookOf(...passing), { passOver: "Not at hand:" });
  assert.equal(failure, undefined);
  assert.match(passedOver[0].message, /code cell 2.*: Error: Not at hand: texts/);
  assert.deepEqual(
    passedOver.map(({ cell }) => cell),
    [2, 3, 4],
  );
  assert.deepEqual(notebook.cells[4].outputs, [{ output_type: "stream", name: "stdout", text: "goes on 0\n" }]);
  const other = notebookOf("throw new Error('Not at hand: texts');", "throw new Error('broken');", "1 + 1;");
  const ended = await run(other, { passOver: "Not at hand:" });
  assert.match(ended.failure?.message ?? "", /code cell 2.*: Error: broken/);
  const usual = await run(notebookOf("throw new Error('Not at hand: texts');", "1 + 1;"));
  assert.match(usual.failure?.message ?? "", /code cell 1/);
});

test("a type error is named with its line", { skip }, async () => {
  const { failure } = await run(notebookOf("1 + 1;\nconst text: string = 3;"));
  assert.equal(
    failure?.message,
    "n.ipynb, code cell 1, line 2: TypeCheckError: TS2322: Type 'number' is not assignable to type 'string'.\n    const text: string = 3;",
  );
});

test("packages may be installed anew while a notebook runs", { skip }, async () => {
  const installing = mkdtempSync(path.join(folder, "installing-"));
  const install = `for (const version of ["1.0.0", "2.0.0", "3.0.0"]) {
  fs.mkdirSync("node_modules/late", { recursive: true });
  fs.writeFileSync("node_modules/late/package.json", JSON.stringify({ version, types: "index.d.ts", main: "index.js" }));
  fs.writeFileSync("node_modules/late/index.d.ts", "export declare const late: string;");
  fs.writeFileSync("node_modules/late/index.js", "exports.late = '" + version + "';");
  await new Promise((resolve) => setTimeout(resolve, 1000));
}`;
  const use = 'import { late } from "late";\nlate;';
  const imported = 'import fs from "node:fs";';
  const file = path.join(installing, "n.ipynb");
  const { failure } = await run(notebookOf(imported, install, use, install, use), { file });
  assert.equal(failure, undefined);
});

test("a promise that nobody awaited fails the notebook, at once and late", { skip }, async () => {
  const { failure } = await run(notebookOf("const a = 1;\nvoid Promise.reject(new Error('forgotten'));", "2;"));
  assert.match(failure?.message ?? "", /^n\.ipynb, code cell 1, line 2: .*Error: forgotten\n {4}void Promise\.reject/);
  const late = "setTimeout(() => {\n  throw new Error('late');\n}, 100);";
  const { failure: afterwards } = await run(
    notebookOf(late, "await new Promise((resolve) => setTimeout(resolve, 500));"),
  );
  assert.match(afterwards?.message ?? "", /^n\.ipynb, code cell 1, line 2: Error: late/);
});

test("a cell over its time limit is stopped, and so is one that Ctrl-C interrupts", { skip }, async () => {
  const forever = "await new Promise((resolve) => setTimeout(resolve, 60_000));";
  const late = await run(notebookOf("console.log('first');", forever), { secondsPerCell: 8 });
  assert.match(late.failure?.message ?? "", /code cell 2: took longer than 8 s and was stopped/);
  const controller = new AbortController();
  const interrupted = await run(notebookOf("console.log('first');", "while (true) {}"), {
    signal: controller.signal,
    onCell: ({ cell }) => cell === 2 && setTimeout(() => controller.abort(), 500),
  });
  assert.equal(interrupted.interrupted, true);
  assert.equal(interrupted.failure, undefined);
  assert.deepEqual(interrupted.notebook.cells[0].outputs, [{ output_type: "stream", name: "stdout", text: "first\n" }]);
});

test("a cell that ends its process is told by the exit code; its last words are kept", { skip }, async () => {
  const dying = "import { writeSync } from 'node:fs';\nwriteSync(2, 'last words');\nprocess.exit(7);";
  const { failure, notebook } = await run(notebookOf("1;", dying));
  assert.match(failure?.message ?? "", /^n\.ipynb, code cell 2: SessionEnded: .* ended with exit code 7;/);
  assert.deepEqual(notebook.cells[1].outputs[0], { output_type: "stream", name: "stderr", text: "last words" });
});

test("the short form { name } sees variables of earlier cells, injected ones too", { skip }, async () => {
  const notebook = notebookOf(
    "const profile = 'classroom';\nconst fresh = false;",
    "const describe = (of: { profile: string; fresh: boolean }) => [of.profile, of.fresh].join(' ');",
    "const note = '{ profile }';\nlet other = '';\n({ profile: other } = { profile });\nconsole.log(describe({ profile, fresh }), note, other);",
    "console.log(\n  describe({ profile, fresh }).missing({ note }),\n);",
  );
  notebook.cells[0].metadata = { tags: ["parameters"] };
  const { notebook: ran, failure } = await run(notebook, { parameters: { profile: "smoke" } });
  assert.deepEqual(ran.cells[3].outputs, [
    { output_type: "stream", name: "stdout", text: "smoke false { profile } smoke\n" },
  ]);
  assert.match(failure?.message ?? "", /code cell 4, line 2: .*missing/);
});

function joinStreams(outputs: Cell["outputs"]): Cell["outputs"] {
  const joined: Cell["outputs"] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      last.text += output.text;
    } else joined.push(output);
  }
  return joined;
}

const nbconvert = process.env.SIGNMIX_NBCONVERT ?? "jupyter-nbconvert"; // the program, by name or path
const found = spawnSync(nbconvert, ["--version"], { stdio: "ignore" }).status === 0;
const noNbconvert = found ? skip : "jupyter-nbconvert is not installed";

test("jupyter nbconvert --execute gives the same outputs as this runner", { skip: noNbconvert }, async () => {
  const { notebook } = await run(readNotebook(small), { file: small });
  const kernel = ["--ExecutePreprocessor.kernel_name=tslab", "--ExecutePreprocessor.timeout=300"];
  const args = ["--to", "notebook", "--execute", ...kernel, "--output-dir", folder, small];
  const env = { ...process.env, JUPYTER_PATH: projectPath(".jupyter") };
  const { status, stderr } = spawnSync(nbconvert, args, { encoding: "utf8", env });
  assert.equal(status, 0, stderr);
  writeNotebook(path.join(folder, "ours.ipynb"), notebook);
  // nbconvert leaves each piece of a stream apart.
  const outputsIn = (name: string) =>
    readNotebook(path.join(folder, name)).cells.map(({ id, executionCount, outputs }) => {
      return { id, executionCount, outputs: joinStreams(outputs) };
    });
  assert.ok(readdirSync(folder).includes("small.ipynb"));
  assert.deepEqual(outputsIn("ours.ipynb"), outputsIn("small.ipynb"));
});
