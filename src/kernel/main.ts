import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { isAlive, removeScratch } from "../files/temporary.js";
import { log } from "./log.js";
import type { Kernel } from "./server.js";
import { startCompiler, startSession } from "./session-process.js";

/*
 * The program that Jupyter and the headless runner start as the kernel: `node main.js CONNECTION_FILE`.
 */

const orphanCheck = 500; // milliseconds

let kernel: Kernel | undefined;
let ending = false;

/** @param scratch the scratch folder of a run whose runner is gone, which is then this process's to remove */
async function leave(code: number, scratch?: string): Promise<void> {
  if (ending) return;
  ending = true;
  const end = () => {
    if (scratch) removeScratch(scratch);
    process.exit(code);
  };
  // Whatever hangs: the session dies with this process.
  setTimeout(end, 4000).unref();
  await kernel?.close();
  end();
}

process.on("SIGINT", () => kernel?.interrupt());
for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => leave(0));
process.stderr.on("error", () => {}); // the log's reader is gone
process.stdout.on("error", () => {});

/** Ends the kernel when the front end that started it is gone, by whatever signal; the connection file goes too. */
function watchFrontEnd(file: string): void {
  const started = process.env.JPY_PARENT_PID;
  if (started === undefined) return; // started by hand: it lives on its own
  const parent = process.ppid;
  const frontEnd = process.platform === "win32" ? parent : Number(started); // on Windows Jupyter gives a handle
  setInterval(() => {
    if (ending || (process.ppid === parent && isAlive(frontEnd || parent))) return;
    log("the front end is gone");
    rmSync(file, { force: true });
    leave(0, process.env.SIGNMIX_SCRATCH);
  }, orphanCheck).unref();
}

function connectionFile(): string {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { file: { type: "string", short: "f" } },
  });
  const file = values.file ?? positionals[0];
  if (file) return file;
  log("started without a connection file: Jupyter gives one, as in `node main.js CONNECTION_FILE`");
  process.exit(2);
}

async function start(file: string): Promise<void> {
  watchFrontEnd(file);
  const compiler = startCompiler(); // first, since it takes the longest; the session is ready before it in any case
  const { serve } = await import("./server.js");
  kernel = await serve(file, startSession(compiler));
  await leave(await kernel.ended);
}

start(connectionFile()).catch((error: Error) => {
  log(error.message);
  process.exit(1);
});
