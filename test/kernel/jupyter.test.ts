import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { installKernel } from "#src/kernel/spec.js";
import { skip as notBuilt } from "./front-end.js";

/*
 * Jupyter's own programs on this kernel. They need a Python that has them: SIGNMIX_JUPYTER_PYTHON, or python3.
 */

const python = process.env.SIGNMIX_JUPYTER_PYTHON ?? "python3";

/** Whether a module of Python is there; skips by its name where it is not. */
function needs(...modules: string[]): string | false {
  if (notBuilt) return notBuilt;
  const missing = modules.find((one) => spawnSync(python, ["-c", `import ${one}`], { stdio: "ignore" }).status !== 0);
  return missing ? `Python has no ${missing}: set SIGNMIX_JUPYTER_PYTHON` : false;
}

const folder = mkdtempSync(path.join(tmpdir(), "signmix-jupyter-"));
after(() => rmSync(folder, { recursive: true, force: true }));
installKernel(path.join(folder, "data"));
const env = {
  ...process.env,
  JUPYTER_PATH: path.join(folder, "data"),
  JUPYTER_RUNTIME_DIR: path.join(folder, "runtime"),
  JUPYTER_CONFIG_DIR: path.join(folder, "config"),
  JUPYTER_PLATFORM_DIRS: "1",
  IPYTHONDIR: path.join(folder, "ipython"),
  SIGNMIX_HISTORY: path.join(folder, "history"),
};

function run(args: string[], input?: string) {
  const options = { encoding: "utf8", env, cwd: folder, input, timeout: 240_000 } as const;
  const { status, stdout, stderr } = spawnSync(python, args, options);
  return { status, stdout, stderr, all: stdout + stderr };
}

interface StoredCell {
  source: string;
  tags?: string[];
}

function writeNotebook(name: string, cells: StoredCell[]): string {
  const file = path.join(folder, name);
  const stored = cells.map(({ source, tags = [] }, at) => {
    return { cell_type: "code", id: `c${at}`, source, metadata: { tags }, outputs: [], execution_count: null };
  });
  const kernelspec = { name: "tslab", display_name: "TypeScript", language: "typescript" };
  writeFileSync(file, JSON.stringify({ cells: stored, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
  return file;
}

interface Executed {
  cells: { outputs: Record<string, unknown>[]; execution_count: number }[];
  metadata: { language_info: Record<string, unknown> };
}

const read = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Executed;

test("jupyter_kernel_test passes whole", { skip: needs("jupyter_kernel_test") }, () => {
  const { status, all } = run([projectPath("test", "kernel", "jupyter_suite.py"), "-v"]);
  assert.equal(status, 0, all);
  assert.match(all, /OK \(skipped=1\)/, "all but the pager, which this kernel has not");
});

const cells = [
  { source: "const words = ['a', 'b'];\nconsole.log(words.length);" },
  { source: "words" },
  { source: "throw new TypeError('wanted');", tags: ["raises-exception"] },
  { source: "for (let n = 0; n < 3000; n++) console.log(n);" },
  { source: "await Promise.resolve('end')" },
];

test("nbconvert executes a notebook, errors that are meant too, and makes HTML of it", {
  skip: needs("nbconvert"),
}, () => {
  const file = writeNotebook("converted.ipynb", cells);
  const convert = ["-m", "nbconvert", "--execute", "--ExecutePreprocessor.timeout=120"];
  const executed = run([...convert, "--to", "notebook", "--output", "done.ipynb", file]);
  assert.equal(executed.status, 0, executed.all);
  const { cells: done, metadata } = read(path.join(folder, "done.ipynb"));
  assert.deepEqual(
    done.map(({ execution_count }) => execution_count),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual(done[1].outputs[0].data, { "text/plain": ["[ 'a', 'b' ]"] });
  assert.equal(done[2].outputs[0].ename, "TypeError");
  const printed = done[3].outputs.flatMap((output) => output.text as string[]).join("");
  assert.equal(printed, Array.from({ length: 3000 }, (_, n) => `${n}\n`).join(""));
  assert.deepEqual(done[4].outputs[0].data, { "text/plain": ["'end'"] });
  assert.equal(metadata.language_info.name, "typescript");
  const html = run([...convert, "--to", "html", "--output", "done.html", file]);
  assert.equal(html.status, 0, html.all);
  assert.match(readFileSync(path.join(folder, "done.html"), "utf8"), /TypeError/);
  const failing = run([
    ...convert,
    "--to",
    "notebook",
    "--output",
    "no.ipynb",
    writeNotebook("failing.ipynb", [{ source: "1 +* 2" }]),
  ]);
  assert.notEqual(failing.status, 0);
  assert.match(failing.all, /SyntaxError: TS1109/);
});

test("nbclient stops at an error, with its traceback in terms of the cell", { skip: needs("nbclient") }, () => {
  const file = writeNotebook("client.ipynb", [
    { source: "1" },
    { source: "\nthrow new Error('stop here');" },
    { source: "3" },
  ]);
  const script = [
    "import sys, nbformat",
    "from nbclient import NotebookClient",
    "from nbclient.exceptions import CellExecutionError",
    "notebook = nbformat.read(sys.argv[1], as_version=4)",
    "try:",
    "    NotebookClient(notebook, timeout=120, kernel_name='tslab').execute()",
    "except CellExecutionError as error:",
    "    print(error.ename, '|', error.evalue)",
    "    print(error.traceback)",
    "print([cell.execution_count for cell in notebook.cells])",
  ].join("\n");
  const { stdout, all } = run(["-c", script, file]);
  assert.match(stdout, /^Error \| stop here$/m, all);
  assert.match(stdout, /^ {2}cell 2:2:7\n {4}2 \| throw new Error/m);
  assert.match(stdout, /^\[1, 2, None\]$/m);
});

test("nbval runs a notebook against its outputs", { skip: needs("nbval", "nbconvert") }, () => {
  const file = writeNotebook("tested.ipynb", [{ source: "console.log(6 * 7);" }, { source: "({ a: 1 })" }]);
  const execute = ["-m", "nbconvert", "--execute", "--to", "notebook", "--inplace", file];
  assert.equal(run(execute).status, 0);
  const { status, all } = run(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", file]);
  assert.equal(status, 0, all);
  assert.match(all, /2 passed/);
  const tampered = readFileSync(file, "utf8").replace('"42\\n"', '"43\\n"');
  assert.match(tampered, /"43\\n"/);
  writeFileSync(file, tampered);
  assert.notEqual(run(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", file]).status, 0);
});

test("nbval runs the first cells of the committed tour against their committed outputs", {
  skip: needs("nbval"),
}, () => {
  const tour = JSON.parse(readFileSync(projectPath("notebooks", "00-tour.ipynb"), "utf8"));
  const first = tour.cells.filter((cell: { cell_type: string }) => cell.cell_type === "code").slice(0, 3);
  const face = JSON.stringify(projectPath("dist", "index.js"));
  for (const cell of first) cell.source = [cell.source].flat().join("").replace('"../dist/index.js"', face);
  const file = path.join(folder, "tour.ipynb");
  writeFileSync(file, JSON.stringify({ ...tour, cells: first }));
  const { status, all } = run(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", file]);
  assert.equal(status, 0, all);
  assert.match(all, /3 passed/);
});

test("jupyter console talks with the kernel", { skip: needs("jupyter_console") }, async () => {
  const options = ["--kernel=tslab", "--simple-prompt", "--ZMQTerminalInteractiveShell.kernel_timeout=120"];
  const console_ = spawn(python, ["-m", "jupyter_console", ...options], { env, cwd: folder });
  const exited = new Promise((resolve) => console_.once("exit", resolve)); // it may end before its last words are read
  let said = "";
  for (const stream of [console_.stdout, console_.stderr])
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  const until = async (what: RegExp) => {
    const deadline = Date.now() + 120_000;
    while (!what.test(said)) {
      if (Date.now() > deadline) throw new Error(`no ${what} in:\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  try {
    await until(/In \[1\]/);
    console_.stdin.write("const half = 21; half * 2\n");
    await until(/Out\[1\]: 42/);
    console_.stdin.write("throw new Error('told')\n");
    await until(/Error: told\s+cell 2:1:7/);
    console_.stdin.end();
    await until(/Shutting down kernel/);
    assert.equal(await exited, 0);
  } finally {
    console_.kill("SIGKILL");
  }
});
