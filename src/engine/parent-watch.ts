import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";

/*
 * A process whose parent was killed would go on for hours, or wait for ever. Its own event loop cannot see to that: a cell
 * or a unit may keep it busy for minutes. So a thread of its own looks every half second.
 */

/** What the thread is told. */
interface Watch {
  /** Each process and the parent that it must have; the first is this one. */
  chain: [pid: number, parent: number][];
  /** Modules and folders for {@link removeScratch} after the end. */
  scratch?: { module: string; folder: string };
}

const LOOK_EVERY = 500; // milliseconds

/** Runs in the thread, as text: it must not refer to anything outside. */
const THREAD = `
const { workerData } = require("node:worker_threads");
const { readFileSync } = require("node:fs");
const { chain, scratch } = workerData;
const alive = (pid) => {
  try { process.kill(pid, 0); return true; } catch (error) { return error.code === "EPERM"; }
};
const parentOf = (pid) => {
  if (pid === process.pid) return process.ppid;
  try { return Number(/\\) \\S (\\d+)/.exec(readFileSync("/proc/" + pid + "/stat", "utf8"))[1]); } catch { return undefined; }
};
const isWhole = () => chain.every(([pid, parent]) => {
  const now = parentOf(pid);
  return (now === undefined ? alive(pid) : now === parent) && alive(parent);
});
setInterval(async () => {
  if (isWhole()) return;
  try {
    if (scratch) (await import(scratch.module)).removeScratch(scratch.folder);
  } finally {
    process.kill(process.pid, "SIGKILL");
  }
}, ${LOOK_EVERY});
`;

let watching = false;

/** The variable by which a process tells those that it starts who their parent is. */
const PARENT = "SIGNMIX_PARENT";

/** The variables with which a process is started that is to end with this one. */
export function parentEnvironment(): Record<string, string> {
  return { [PARENT]: `${process.pid}` };
}

/**
 * Ends this process, however busy it is, when its parent has ended, be it killed. On Linux a shell between this process
 * and npm is seen through.
 *
 * @param scratch a folder of temporary files to remove then, and the module whose `removeScratch` does it
 */
export function endWithParent(scratch?: { module: string; folder: string }): void {
  if (watching) return;
  watching = true;
  const told = Number(process.env[PARENT]);
  if (told > 0 && told !== process.ppid && process.platform !== "win32") process.kill(process.pid, "SIGKILL"); // gone already
  if (process.ppid <= 1 && told !== process.ppid) return; // nobody's child, such as the first process of a container
  const workerData: Watch = { chain: parentsOf(process.pid), scratch };
  const thread = new Worker(THREAD, {
    ...{ eval: true, workerData, execArgv: [], stdout: false, stderr: false },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  thread.on("error", () => {}); // without it the process only loses the watch
  thread.unref();
}

/** This process with its parent, and, where the parent is a shell, that with its own. */
function parentsOf(pid: number): Watch["chain"] {
  const chain: Watch["chain"] = [[pid, process.ppid]];
  try {
    const [, name, parent] = /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${process.ppid}/stat`, "utf8")) ?? [];
    if (/^(?:ba|da|z)?sh$/.test(name) && Number(parent) > 1) chain.push([process.ppid, Number(parent)]);
  } catch {
    // no /proc: the shell itself is watched
  }
  return chain;
}
