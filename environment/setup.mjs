// Everything a clean clone needs before it can run: packages, compiled sources, the Jupyter kernel's description and the
// snapshot from which it starts.
// Every command calls it first; where nothing has changed it takes a fraction of a second.
import { existsSync, lstatSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { buildSource, root } from "./build.mjs";
import { runNpm } from "./child.mjs";
import { Problem, runMain } from "./problem.mjs";
import { isTrimmedElsewhere, trim } from "./trim.mjs";

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Throws unless this Node.js can load ES modules from notebook cells. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  const enough = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
  if (enough) return;
  throw new Problem(
    `Node.js ${version} is too old: signmix needs 20.19 or newer (of the 22 line, 22.12); ` +
      "install a current one from nodejs.org and run the same command again.",
  );
}

/** The packages of the lockfile that node_modules lacks, or holds in another version. */
export function missingPackages(lock, installed) {
  const missing = [];
  for (const [where, wanted] of Object.entries(lock.packages)) {
    if (where === "" || wanted.link) continue;
    const found = installed?.packages?.[where];
    if (found ? found.version !== wanted.version : !wanted.optional) missing.push(where);
  }
  return missing;
}

const packages = path.join(root, "node_modules");

function isStale() {
  if (isTrimmedElsewhere(packages)) return true;
  const lock = readJson(path.join(root, "package-lock.json"));
  const record = path.join(packages, ".package-lock.json");
  return missingPackages(lock, existsSync(record) ? readJson(record) : undefined).length > 0;
}

function diskWasFull(output) {
  return /ENOSPC|no space left/i.test(output);
}

/** The sentence for npm's own failure. */
export function explainInstall(output) {
  if (diskWasFull(output)) {
    return "The disk is full: free about 2 GB and run the same command again.";
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|network/i.test(output)) {
    return (
      "The packages could not be downloaded: npm does not reach its registry. Check the network (or npm's proxy " +
      "setting) and run the same command again; once installed, signmix needs no network."
    );
  }
  if (/EACCES|EPERM/.test(output)) {
    return "npm may not write to the project's folder: check who owns it and run the same command again.";
  }
  const line = output.split("\n").find((text) => /npm (error|ERR!)/.test(text)) ?? output.trim().split("\n").at(-1);
  return `The packages could not be installed (${line?.trim()}); run npm ci to see all that npm says.`;
}

/** Whether this is a packed copy, which holds dist/ in place of its sources and no lockfile. */
const isPacked = !existsSync(path.join(root, "src"));

function hasPackages() {
  try {
    createRequire(path.join(root, "package.json")).resolve("tslab/package.json");
    return true;
  } catch {
    return false;
  }
}

/** A packed copy is used as it is: nothing is built, and its packages are installed by npm, from its folder. */
function checkPacked() {
  if (hasPackages()) return;
  throw new Problem(
    `The packages of ${root} are missing: run npm install --omit=dev there, and the same command again.`,
  );
}

async function install(log) {
  // A linked node_modules belongs to another checkout: it is used as it is.
  if (existsSync(packages) && lstatSync(packages).isSymbolicLink()) return;
  if (!isStale()) return;
  log("installing the packages (once; a few minutes) …");
  // npm passes a level such as --silent on to the npm within, whose words are needed if it fails.
  const options = ["--no-audit", "--no-fund", "--loglevel=warn"];
  const { code, output } = await runNpm(["ci", ...options], { cwd: root, capture: true });
  if (code !== 0) throw new Problem(explainInstall(output));
  if (diskWasFull(output)) {
    // npm calls it a warning and ends with 0; without its record the next run installs again.
    rmSync(path.join(packages, ".package-lock.json"), { force: true });
    throw new Problem(explainInstall(output));
  }
  trim(packages, log);
}

/** Jupyter finds the kernel through JUPYTER_PATH set to this folder. */
export const jupyterPath = path.join(root, ".jupyter");

/** The kernel's description, as it is for every Jupyter and for our own runner. */
async function writeKernelSpec() {
  const { defaultName, installKernel, kernelDescription } = await import("../dist/kernel/spec.js");
  const file = path.join(jupyterPath, "kernels", defaultName, "kernel.json");
  const text = `${JSON.stringify(kernelDescription(), null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  installKernel(jupyterPath);
}

/** The memory from which the kernel's compiler starts; without it the kernel works, and starts later. */
async function makeKernelSnapshot(log) {
  const { makeSnapshot } = await import("../dist/kernel/compiler/snapshot.js");
  const { snapshotPath } = await import("../dist/kernel/compiler/snapshot-path.js");
  if (snapshotPath()) return;
  log("preparing the kernel's compiler …");
  try {
    makeSnapshot();
  } catch (error) {
    log(`${error.message}\nThe kernel works without it; it takes a second longer to start.`);
  }
}

/** Does what is missing of: packages, dist/, kernel description, the kernel's snapshot. */
export async function setUp(log = console.error) {
  checkNode();
  if (isPacked) return checkPacked();
  await install(log);
  await buildSource(log);
  await setUpKernel(log);
}

/** The kernel's description and its snapshot, where they are missing. In a packed copy only `npm run setup` and `npm run lab` make them. */
export async function setUpKernel(log = console.error) {
  await writeKernelSpec();
  await makeKernelSnapshot(log);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  runMain(async () => {
    await setUp();
    if (isPacked) await setUpKernel();
    else trim(packages, console.error);
    console.error("signmix is set up.");
  });
}
