import { fork } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parentEnvironment } from "../engine/parent-watch.js";
import type { Columns } from "./columns.js";

/** What the process of `library-reader.ts` is asked. */
export interface LibraryRequest {
  format: "parquet" | "arrow";
  path: string;
  /** Columns to read; all by default. */
  needed?: readonly string[];
}

/** What it answers: the columns, or why there are none. */
export type LibraryAnswer = { columns: Columns } | { reason: string };

/** Seconds and megabytes that reading a file may take: some for any file, and more with its size and cells. */
const SECONDS = { least: 10, perMegabyte: 2 };
const MEGABYTES = { least: 256, perMegabyte: 64, perMillionCells: 200 };

/**
 * Has a library read a file in a process of its own, which is ended when it takes longer or more memory than a file of
 * that size can need: the libraries believe what a file says of itself, and a few bytes can ask for hours.
 *
 * A process, not a thread: where one value alone is larger than what is left, V8 ends all threads.
 *
 * @param cells cells that the file is known to have, rows times columns
 * @throws Error with the reason, without the file's name
 */
export async function readApart(request: LibraryRequest, cells = 0): Promise<Columns> {
  const size = statSync(request.path).size / 2 ** 20;
  const seconds = Math.ceil(SECONDS.least + SECONDS.perMegabyte * size);
  const megabytes = Math.ceil(
    MEGABYTES.least + MEGABYTES.perMegabyte * size + (MEGABYTES.perMillionCells * cells) / 1e6,
  );
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const reader = fork(fileURLToPath(new URL("./library-reader.js", import.meta.url)), {
    execArgv: [`--max-old-space-size=${megabytes}`],
    env: { ...environment, ...parentEnvironment() },
    serialization: "advanced", // dates, whole numbers of 64 bits and bytes stay what they are
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const damaged = (what: string) =>
    new Error(`reading it takes more than ${what}, which none of its size needs: it is damaged`);
  const answer = await new Promise<LibraryAnswer>((resolve, reject) => {
    let most = `${megabytes} MB`; // of which V8 ends the process by itself
    const patience = setTimeout(() => {
      most = `${seconds} s`;
      reader.kill("SIGKILL");
    }, 1000 * seconds);
    reader.once("message", (message) => resolve(message as LibraryAnswer));
    for (const end of ["error", "exit"]) reader.once(end, () => clearTimeout(patience));
    reader.once("error", reject);
    reader.once("exit", () => reject(damaged(most)));
    reader.send(request);
  });
  if ("reason" in answer) throw new Error(answer.reason);
  return answer.columns;
}
