import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { snapshotPath } from "./snapshot-path.js";

const program = fileURLToPath(new URL("main.js", import.meta.url));

/**
 * V8's first optimisations, in a thread of their own and thrown away again, keep the first cells waiting where there are two cores:
 * functions are optimised when they have run for longer. A Node.js after 20 has a compiler that is quick at it, and not this option.
 */
const later = Number.parseInt(process.versions.v8, 10) < 12 ? ["--interrupt-budget=1000000"] : [];

/**
 * A cell leaves much that is soon forgotten: more room for it means fewer pauses. The third keeps the collector from searching
 * a snapshot's memory while it is being read; the fourth compiles TypeScript's functions when they are first called, since a
 * process from a snapshot has compiled none. The last leaves its tables of names as they are, which are not open to strangers
 * who might choose names that collide. A snapshot is taken only by a Node.js with the options with which it was made.
 */
export const nodeOptions = [
  "--max-semi-space-size=64",
  "--min-semi-space-size=16",
  "--initial-old-space-size=512",
  "--always-sparkplug",
  ...later,
  "--no-rehash-snapshot",
];

/**
 * Memory in large pages, where Linux's C library hands it out on demand: a snapshot is read in a fifth less time, since it
 * is not fetched four kilobytes at a time. Elsewhere the variable means nothing.
 */
const largePages = { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" };

/** Starts the compiler's process: from its snapshot, where one was made for this Node.js and is wanted, or from its source. */
export function spawnCompiler(fromSnapshot = true): ChildProcess {
  const snapshot = fromSnapshot ? snapshotPath() : undefined;
  const options = snapshot ? ["--snapshot-blob", snapshot] : [];
  return spawn(process.execPath, [...nodeOptions, ...options, program], {
    stdio: ["pipe", "ignore", process.env.SIGNMIX_DEBUG ? "inherit" : "ignore", "pipe"],
    windowsHide: true,
    env: { ...largePages, ...process.env },
  });
}
