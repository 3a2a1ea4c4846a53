import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { installedKernels, installKernel, removeKernel, searchedFolders, userFolder } from "#src/kernel/spec.js";
import { contents, skip, startFrontEnd } from "./front-end.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-spec-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a kernel is installed, listed and removed; other projects' kernels are left as they are", () => {
  const data = path.join(folder, "data");
  const placed = installKernel(data, "Mine", "My TypeScript");
  assert.equal(placed, path.join(data, "kernels", "mine"));
  const description = JSON.parse(readFileSync(path.join(placed, "kernel.json"), "utf8"));
  assert.deepEqual(description.argv, [process.execPath, projectPath("dist", "kernel", "main.js"), "{connection_file}"]);
  assert.equal(description.display_name, "My TypeScript");
  assert.equal(description.language, "typescript");
  const other = path.join(data, "kernels", "python3");
  mkdirSync(other, { recursive: true });
  writeFileSync(
    path.join(other, "kernel.json"),
    JSON.stringify({ argv: ["python"], display_name: "P", language: "python" }),
  );
  writeFileSync(path.join(data, "kernels", "stray"), "no folder");
  assert.deepEqual(
    installedKernels([data, path.join(folder, "nowhere")]).map(({ name, works }) => [name, works]),
    [["mine", true]],
  );
  assert.throws(() => removeKernel([data], "python3"), /another project's kernel/);
  assert.throws(() => removeKernel([data], "none"), /No kernel "none" of signmix is installed/);
  assert.deepEqual(removeKernel([data], "mine"), [placed]);
  assert.equal(existsSync(placed), false);
  assert.equal(existsSync(other), true);
  for (const name of ["..", "a/b", ""]) assert.throws(() => installKernel(data, name), /A kernel's name has letters/);
});

test("kernels are looked for where Jupyter looks, the first found first", () => {
  const environment = { JUPYTER_PATH: ["/first", "/second"].join(path.delimiter), JUPYTER_DATA_DIR: "/own" };
  assert.equal(userFolder(environment), "/own");
  const searched = searchedFolders(["/env"], environment);
  assert.deepEqual(searched.slice(0, 4), ["/first", "/second", "/own", path.join("/env", "share", "jupyter")]);
});

test("the command installs into a prefix, lists and removes", { skip }, () => {
  const main = projectPath("dist", "cli", "main.js");
  const prefix = path.join(folder, "prefix");
  const run = (...args: string[]) => spawnSync(process.execPath, [main, "kernel", ...args], { encoding: "utf8" });
  const place = path.join(prefix, "share", "jupyter", "kernels", "tslab");
  assert.equal(run("install", "--prefix", prefix).stdout, `installed: ${place}\n`);
  assert.match(run("list", "--prefix", prefix).stdout, /^tslab +TypeScript +.*tslab\n$/);
  assert.equal(run("remove", "--prefix", prefix).stdout, `removed: ${place}\n`);
  assert.equal(run("list", "--prefix", prefix).stdout, "No kernel of signmix is installed.\n");
  assert.equal(run("remove", "--prefix", prefix).status, 1);
  assert.equal(run("install", "--prefix", prefix, "--user").status, 2);
  assert.equal(run("mend").status, 2);
});

test("a notebook anywhere imports this package and what it brings, with their types; what lies nearer comes first", {
  skip,
}, async (t) => {
  const far = mkdtempSync(path.join(folder, "far-"));
  const near = path.join(far, "node_modules", "arquero");
  mkdirSync(near, { recursive: true });
  writeFileSync(path.join(near, "package.json"), JSON.stringify({ main: "index.js", types: "index.d.ts" }));
  writeFileSync(path.join(near, "index.js"), "exports.mine = 1;");
  writeFileSync(path.join(near, "index.d.ts"), "export declare const mine: number;");
  const kernel = await startFrontEnd({ cwd: far });
  t.after(() => kernel.close());
  const value = async (code: string) => {
    const { outputs } = await kernel.execute(code);
    const [failure] = contents(outputs, "error");
    assert.equal(failure, undefined, String(failure?.traceback));
    return (contents(outputs, "execute_result")[0].data as Record<string, string>)["text/plain"];
  };
  assert.equal(await value('import * as sm from "signmix";\ntypeof sm.mixAdapters'), "'function'");
  assert.equal(await value('import { mine } from "arquero";\nmine'), "1");
  assert.equal(await value('import { mean } from "simple-statistics";\nmean([1, 3])'), "2");
  const wrong = await kernel.execute('import { x } from "no-such-package";');
  assert.match(String(wrong.reply.evalue), /TS2307/);
  const typed = await kernel.execute("sm.mixAdapters(3)");
  assert.equal(typed.reply.ename, "TypeCheckError");
});

test("a notebook elsewhere keeps what a package of this one made, and later cells know its type", {
  skip,
}, async (t) => {
  const kernel = await startFrontEnd({ cwd: mkdtempSync(path.join(folder, "kept-")) });
  t.after(() => kernel.close());
  await kernel.execute('import * as sm from "signmix";');
  const kept = await kernel.execute('const few = sm.table([{ a: 1 }, { a: 1 }]).groupby("a").rollup({ n: "d => 2" });');
  assert.equal(kept.reply.status, "ok", String(kept.reply.evalue));
  const { outputs } = await kernel.execute("few.numRows()");
  assert.deepEqual(contents(outputs, "execute_result")[0].data, { "text/plain": "1" });
  assert.match(String((await kernel.execute("few.noSuch()")).reply.evalue), /^TS2339: .*'noSuch' does not exist/);
});

test("a packed copy installs its kernel; a notebook elsewhere, and a typed program, import from it", {
  skip,
}, async (t) => {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const pack = ["pack", "--ignore-scripts", "--pack-destination", folder, "--json"];
  const packed = execFileSync(npm, pack, { cwd: projectPath(), encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const [{ filename, files }] = JSON.parse(packed) as { filename: string; files: { path: string }[] }[];
  const paths = files.map((one) => one.path);
  for (const wanted of ["dist/index.js", "dist/index.d.ts", "dist/kernel/session/main.js", "environment/signmix.mjs"]) {
    assert.ok(paths.includes(wanted), wanted);
  }
  assert.deepEqual(
    paths.filter((one) => /^(src|test|\.cache|data\/results\/smoke)/.test(one)),
    [],
  );
  // Unpacked to a place whose packages are those of this clone: what npm install would bring is not the question here.
  execFileSync("tar", ["xzf", filename], { cwd: folder });
  const place = path.join(folder, "signmix-unpacked");
  renameSync(path.join(folder, "package"), place);
  const program = path.join(place, "environment", "signmix.mjs");
  const signmix = (...args: string[]) =>
    spawnSync(process.execPath, [program, ...args], { encoding: "utf8", cwd: folder });
  const missing = signmix("kernel", "list");
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /The packages of .* are missing: run npm install --omit=dev there/);
  symlinkSync(projectPath("node_modules"), path.join(place, "node_modules"), "junction");
  const other = path.join(folder, "other");
  mkdirSync(path.join(other, "node_modules"), { recursive: true });
  symlinkSync(place, path.join(other, "node_modules", "signmix"), "junction");
  writeFileSync(path.join(other, "package.json"), '{ "type": "module" }');
  const lines = [
    'import { type Adapter, adapterFromMatrix, fractionOfSignDifference } from "signmix";',
    "const signs = (row: number[]): Adapter => adapterFromMatrix(String(row), [row]);",
    "const { overall }: { overall: number } = fractionOfSignDifference(signs([1, -2]), signs([1, 2]));",
    "console.log(overall);",
  ];
  writeFileSync(path.join(other, "main.ts"), lines.join("\n"));
  const compiler = projectPath("node_modules", "typescript", "bin", "tsc");
  const strict = ["--module", "nodenext", "--target", "es2022", "--strict", "--skipLibCheck", "--typeRoots", "none"];
  const typed = spawnSync(process.execPath, [compiler, "main.ts", ...strict], { cwd: other, encoding: "utf8" });
  assert.equal(typed.status, 0, typed.stdout);
  assert.equal(execFileSync(process.execPath, ["main.js"], { cwd: other, encoding: "utf8" }), "0.5\n");
  const prefix = path.join(folder, "packed-prefix");
  assert.match(signmix("kernel", "install", "--prefix", prefix).stdout, /^installed: /);
  const { argv } = JSON.parse(
    readFileSync(path.join(prefix, "share", "jupyter", "kernels", "tslab", "kernel.json"), "utf8"),
  );
  assert.equal(argv[1], path.join(place, "dist", "kernel", "main.js"));
  const far = mkdtempSync(path.join(folder, "far-"));
  const kernel = await startFrontEnd({ cwd: far, argv });
  t.after(() => kernel.close());
  const { reply, outputs } = await kernel.execute(
    'import * as sm from "signmix";\nconst red: sm.Adapter = sm.adapterFromMatrix("red", [[1, 2]]);\nred.name',
  );
  assert.equal(reply.status, "ok", String(reply.traceback));
  assert.deepEqual(contents(outputs, "execute_result")[0].data, { "text/plain": "'red'" });
});

test("the program runs from the folder it was installed to, by the names of the package", { skip }, () => {
  const { main, types, bin } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));
  for (const file of [main, types, bin.signmix]) assert.ok(existsSync(projectPath(file)), file);
  assert.match(
    execFileSync(process.execPath, [projectPath("dist", "cli", "main.js"), "kernel", "--help"], { encoding: "utf8" }),
    /install/,
  );
});
