import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { systemReason } from "./byte-source.js";
import { jsonText } from "./json.js";
import { noteTemporary, temporaryName } from "./temporary.js";

/**
 * Writes a file whole or not at all: first to a temporary name beside it, synced to the disk, then renamed over it.
 * Missing folders are made.
 *
 * @throws naming the file and the reason, such as a full disk; what stood there before stands there still
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  let forget: (() => void) | undefined;
  let temporary: string | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    temporary = temporaryName(path);
    forget = noteTemporary(temporary);
    writeSynced(temporary, bytes);
    renameOver(temporary, path);
  } catch (error) {
    if (temporary) rmSync(temporary, { force: true });
    throw new Error(`Cannot write "${path}": ${systemReason(error)}. What stood there before is untouched.`, {
      cause: error,
    });
  } finally {
    forget?.();
  }
}

/**
 * Writes a value as JSON, indented, with a last newline; whole or not at all.
 *
 * @throws naming the place of a number that is not finite
 */
export function writeJsonAtomic(path: string, value: unknown): void {
  let text: string;
  try {
    text = jsonText(value, 2);
  } catch (error) {
    throw new Error(`Cannot write "${path}": ${(error as Error).message}`, { cause: error });
  }
  writeFileAtomic(path, `${text}\n`);
}

function writeSynced(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "wx");
  try {
    for (let done = 0; done < bytes.byteLength; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Renames over an existing file. On Windows a virus scanner or a reader may hold the target for a moment, so it is
 * tried for about a second.
 */
export function renameOver(from: string, to: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const busy = ["EPERM", "EACCES", "EBUSY"].includes((error as NodeJS.ErrnoException).code ?? "");
      if (!busy || attempt === 9 || process.platform !== "win32") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20 * attempt); // sleeps, in milliseconds
    }
  }
}
