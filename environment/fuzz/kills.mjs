// Runs the tour in a copy of the project, kills a process of the run at one change of a file after another, runs it again,
// and compares its rows with those of a run that nobody disturbed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../build.mjs";
import { Problem } from "../problem.mjs";

const COPIED = ["package.json", "tsconfig.json", "src", "dist", "data", "notebooks", "environment", ".jupyter"];
const MARK = "SIGNMIX_KILL_MARK";

/**
 * Works in a copy of the project that shares its packages, so that the project's own results are left alone. The copy is
 * removed at the end, also where the program is interrupted.
 */
export async function inCopy(work) {
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-copy-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const interrupted = () => {
    remove();
    process.exit(130);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.once(signal, interrupted);
  try {
    copyProject(folder);
    return await work(folder);
  } finally {
    for (const signal of signals) process.off(signal, interrupted);
    remove();
  }
}

function copyProject(folder) {
  // a clone in which nothing was set up lacks some
  for (const name of COPIED.filter((name) => existsSync(path.join(root, name))))
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true, preserveTimestamps: true });
  const snapshot = path.join(root, ".cache", "kernel");
  if (existsSync(snapshot))
    cpSync(snapshot, path.join(folder, ".cache", "kernel"), { recursive: true, preserveTimestamps: true });
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  forget(folder);
  mkdirSync(path.join(folder, "tmp"));
}

/** Removes what a run stores. */
export function forget(folder) {
  for (const place of [
    ["data", "results", "smoke"],
    [".cache", "results"],
    ["figures", "smoke"],
  ])
    rmSync(path.join(folder, ...place), { recursive: true, force: true });
}

/** Starts the tour at `smoke`; its temporary files go to the copy's own folder. */
export function startTour(folder, env = {}) {
  const args = ["environment/reproduce.mjs", "--profile", "smoke", "--only", "00", "--workers", "1"];
  const own = { TMPDIR: path.join(folder, "tmp"), TMP: path.join(folder, "tmp"), TEMP: path.join(folder, "tmp") };
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...own, [MARK]: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, said }));
  });
}

/** Hash of every stored row and adapter, by file. */
export function storedFiles(folder) {
  const results = path.join(folder, "data", "results", "smoke");
  const entries = readdirSync(results, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  return new Map(
    files.map((file) => [path.relative(results, file), createHash("sha256").update(readFileSync(file)).digest("hex")]),
  );
}

/** Processes of a run that live; where /proc does not tell, none. */
export function living(folder) {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    try {
      if (/\) Z /.test(readFileSync(`/proc/${name}/stat`, "latin1"))) return false;
      return readFileSync(`/proc/${name}/environ`, "latin1").includes(`${MARK}=${folder}`);
    } catch {
      return false;
    }
  });
}

/**
 * What of a run is left five seconds after its end: processes and temporary files. Where the runner is killed before it has
 * a kernel, nothing lives that could remove its folder: the next run does.
 */
export async function leftBehind(folder, killed = false) {
  const end = Date.now() + 5000;
  const files = () =>
    readdirSync(path.join(folder, "tmp")).filter((name) => !killed || !name.startsWith("signmix-run-"));
  const left = () => [...living(folder).map((pid) => `process ${pid}`), ...files()];
  while (left().length > 0 && Date.now() < end) await sleep(100);
  return left();
}

/**
 * @param places how many of the changes of files a process is killed at, spread evenly; "all" for each
 * @param from the first of the changes
 * @param to the last of them; by default the last of all
 */
export function fuzzKills(places, from = 1, to = Number.POSITIVE_INFINITY, log = console.log) {
  return inCopy(async (folder) => {
    const counter = path.join(folder, "changes");
    const preload = {
      NODE_OPTIONS: `--require ${path.join(root, "environment", "fuzz", "kill-at.cjs")}`,
      SIGNMIX_KILL_COUNTER: counter,
    };
    const ready = await startTour(folder); // sets up what the copy lacks
    if (ready.code !== 0) throw new Problem(`The tour does not run in a copy:\n${ready.said}`);
    forget(folder);
    writeFileSync(counter, "");
    const whole = await startTour(folder, { ...preload, SIGNMIX_KILL_AT: "0" });
    if (whole.code !== 0) throw new Problem(`The tour does not run while its changes are counted:\n${whole.said}`);
    const changes = statSync(counter).size;
    const expected = storedFiles(folder);
    const left = Math.min(changes, to) - from + 1;
    if (left < 1)
      throw new Problem(
        `The tour makes ${changes} changes of files; there is none from ${from} to ${Math.min(changes, to)}.`,
      );
    const count = places === "all" ? left : Math.min(places, left);
    for (let i = 0; i < count; i++) {
      const at = from + Math.floor((i * left) / count);
      forget(folder);
      writeFileSync(counter, "");
      const killed = await startTour(folder, { ...preload, SIGNMIX_KILL_AT: String(at) });
      const behind = await leftBehind(folder, true);
      if (behind.length > 0)
        throw new Error(`killed at change ${at} of ${changes}, the run leaves ${behind.join(", ")}`);
      const status = killed.code === 0 ? "went on" : (killed.signal ?? `ended with ${killed.code}`);
      const again = await startTour(folder);
      if (again.code !== 0) throw new Error(`killed at change ${at} of ${changes}, the next run fails:\n${again.said}`);
      const still = await leftBehind(folder);
      if (still.length > 0)
        throw new Error(`killed at change ${at} of ${changes}, the next run leaves ${still.join(", ")}`);
      compare(expected, storedFiles(folder), `killed at change ${at} of ${changes} (${status})`);
      log(
        `killed at change ${at} of ${changes}: the run ${status}; the next ends with the same ${expected.size} files`,
      );
    }
    return { changes, count, files: expected.size };
  });
}

function compare(expected, found, what) {
  for (const name of new Set([...expected.keys(), ...found.keys()])) {
    if (expected.get(name) === found.get(name)) continue;
    const how = !found.has(name) ? "is missing" : !expected.has(name) ? "is one too many" : "differs";
    throw new Error(`${what}: ${name} ${how}`);
  }
}
