// The tour again and again, and two of them side by side: memory stays flat, and no process or file is left.
import { readdirSync, readFileSync } from "node:fs";
import { forget, inCopy, leftBehind, living, startTour, storedFiles } from "./kills.mjs";

/** Largest memory of all processes of a run together while it lasts, in MB; undefined where /proc does not tell. */
async function peakOf(folder, run) {
  let peak = 0;
  const look = () => {
    let pages = 0;
    for (const pid of living(folder)) {
      try {
        pages += Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
      } catch {
        // it has just ended
      }
    }
    peak = Math.max(peak, (pages * 4096) / 1e6);
  };
  const timer = setInterval(look, 250);
  try {
    return { ended: await run, peak: Math.round(peak) };
  } finally {
    clearInterval(timer);
  }
}

const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith("node_modules"))
    .sort();

/** @param runs how many in a row; two more run side by side at the end */
export function soak(runs, log = console.log) {
  return inCopy(async (folder) => {
    const peaks = [];
    let files;
    let stored;
    for (let i = 0; i < runs; i++) {
      forget(folder);
      const { ended, peak } = await peakOf(folder, startTour(folder));
      await check(folder, ended, `run ${i + 1}`);
      peaks.push(peak);
      const now = filesOf(folder);
      const extra = files === undefined ? [] : now.filter((name) => !files.includes(name));
      if (extra.length > 0) throw new Error(`run ${i + 1} leaves ${extra.slice(0, 5).join(", ")}`);
      files = now;
      stored ??= storedFiles(folder);
      log(`run ${i + 1} of ${runs}: ${peak} MB at its peak, ${now.length} files`);
    }
    const middle = Math.ceil(runs / 2);
    const [first, last] = [Math.max(...peaks.slice(0, middle)), Math.max(...peaks.slice(middle))];
    if (last > 1.25 * first) throw new Error(`memory grows: ${peaks.join(", ")} MB`);
    forget(folder);
    for (const [i, ended] of (await Promise.all([startTour(folder), startTour(folder)])).entries())
      await check(folder, ended, `the ${i === 0 ? "first" : "second"} of two side by side`);
    const together = storedFiles(folder);
    for (const [name, hash] of stored ?? [])
      if (together.get(name) !== hash) throw new Error(`two side by side: ${name} differs from a single run's`);
    return { runs, peaks };
  });
}

async function check(folder, { code, said }, what) {
  if (code !== 0) throw new Error(`${what} ended with ${code}:\n${said}`);
  const left = await leftBehind(folder);
  if (left.length > 0) throw new Error(`${what} leaves ${left.join(", ")}`);
}
