// Compiles src to dist (and, when asked, the tests to dist-test), only when something has changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runNode } from "./child.mjs";
import { Problem, runMain } from "./problem.mjs";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

function filesBelow(folder, keep) {
  if (!existsSync(folder)) return [];
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesBelow(file, keep));
    else if (keep(entry.name)) found.push(file);
  }
  return found.sort();
}

/** Hash of what the compiler reads: sources, settings, and its own version. */
function sourceHash(folder, configs) {
  const hash = createHash("sha256");
  const compiler = path.join(root, "node_modules", "typescript", "package.json");
  for (const file of [...filesBelow(folder, (name) => /\.(ts|json)$/.test(name)), ...configs, compiler]) {
    hash.update(`${path.relative(root, file).replaceAll("\\", "/")}\0`);
    hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** Hash of the names, sizes and times of compiled files: tells whether somebody else has written there. */
function outputMark(folder) {
  const hash = createHash("sha256");
  for (const file of filesBelow(folder, (name) => /\.(js|d\.ts)$/.test(name))) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${path.relative(folder, file)}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest("hex");
}

/** Deletes compiled files whose source is gone, so that nothing can import them. */
function removeOrphans(from, to) {
  for (const file of filesBelow(to, (name) => /\.(js|d\.ts|js\.map)$/.test(name))) {
    const source = path.join(from, path.relative(to, file).replace(/\.(js|d\.ts|js\.map)$/, ".ts"));
    if (!existsSync(source)) rmSync(file);
  }
}

async function compile(name, from, to, config, log) {
  const stampFile = path.join(to, ".built-from");
  const configs = [path.join(root, "tsconfig.json"), path.join(root, "package.json"), config];
  const source = sourceHash(from, configs);
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, "utf8") : "";
  const mark = outputMark(to);
  if (stamp === `${source} ${mark}`) return false;
  log(`building ${name} …`);
  // The compiler goes on from its last run, unless somebody else has written into its output since.
  const memory = path.join(to, ".tsbuildinfo");
  if (!stamp.endsWith(` ${mark}`)) rmSync(memory, { force: true });
  const compiler = path.join(root, "node_modules", "typescript", "bin", "tsc");
  const options = ["-p", config, "--pretty", "false", "--incremental", "--tsBuildInfoFile", memory];
  const { code, output } = await runNode([compiler, ...options], { cwd: root, capture: true });
  if (code !== 0) {
    if (/ENOSPC/.test(output)) throw Object.assign(new Error("while compiling"), { code: "ENOSPC" });
    throw new Problem(`${name} does not compile; mend these and run the same command again:\n${output.trimEnd()}`);
  }
  removeOrphans(from, to);
  mkdirSync(to, { recursive: true });
  writeFileSync(stampFile, `${source} ${outputMark(to)}`);
  return true;
}

/** Compiles src/ to dist/ if dist/ is stale, and writes what the face's functions take; returns whether it compiled. */
export async function buildSource(log = console.error) {
  const at = (...names) => path.join(root, ...names);
  const built = await compile("src", at("src"), at("dist"), at("tsconfig.json"), log);
  const target = at("dist", "face-arguments.json");
  if (built || !existsSync(target)) {
    rmSync(target, { force: true });
    const { writeFaceArguments } = await import("./face-arguments.mjs");
    writeFaceArguments(at("dist"));
  }
  return built;
}

/** Compiles test/ to dist-test/ if that is stale. */
export function buildTests(log = console.error) {
  const at = (...names) => path.join(root, ...names);
  return compile("test", at("test"), at("dist-test"), at("test", "tsconfig.json"), log);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  runMain(async () => {
    await buildSource();
    if (process.argv.includes("--tests")) await buildTests();
  });
}
