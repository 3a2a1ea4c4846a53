// Watches one input after another from a thread of its own: what hangs, or takes memory for a moment, cannot say so itself.
import { writeFileSync } from "node:fs";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const BEAT = 0;
const LENGTH = 1;

/**
 * @param failed the file that gets an input that hangs for `seconds`, or takes more than `megabytes`; the process ends with 70
 * @param maxLength bytes of the longest input
 */
export function watch({ failed, maxLength, seconds = 30, megabytes = 2000 }) {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const input = new Uint8Array(new SharedArrayBuffer(maxLength));
  const worker = new Worker(new URL(import.meta.url), { workerData: { failed, seconds, megabytes, state, input } });
  worker.unref();
  return {
    /** An input is about to be read. */
    begin(bytes) {
      input.set(bytes);
      state[LENGTH] = bytes.length;
      Atomics.add(state, BEAT, 1);
    },
    stop: () => worker.terminate(),
  };
}

function look({ failed, seconds, megabytes, state, input }) {
  const every = 0.1;
  let beat = -1;
  let still = 0;
  setInterval(() => {
    const now = Atomics.load(state, BEAT);
    still = now === beat ? still + every : 0;
    beat = now;
    const used = process.memoryUsage.rss() / 1e6;
    const why =
      still > seconds ? `it runs for ${seconds} s` : used > megabytes ? `${Math.round(used)} MB are in use` : "";
    if (why === "") return;
    writeFileSync(failed, input.subarray(0, state[LENGTH]));
    process._rawDebug(`An input fails: ${why}; it is in ${failed}`); // the main thread may not get to write
    process.kill(process.pid, "SIGKILL");
  }, 1000 * every);
}

if (!isMainThread) look(workerData);
