import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { systemReason } from "./byte-source.js";
import { jsonText } from "./json-text.js";
import { noteTemporary, temporaryName } from "./temporary.js";

/**
 * Writes a file whole or not at all: first to a temporary name beside it, synced to the disk, then renamed over it.
 * Missing folders are made.
 *
 * @param options.overwrite false refuses where there is something already. Default true
 * @throws naming the file and the reason, such as a full disk; what stood there before stands there still
 */
export function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  options: { overwrite?: boolean } = {},
): void {
  replaceFile(path, [content], options.overwrite);
}

/**
 * Writes a file whole or not at all, piece by piece, so that it outlives a power failure too: its folder's entry is on the
 * disk before this returns.
 */
export function writeFileSynced(path: string, pieces: Iterable<string | Uint8Array>): void {
  replaceFile(path, pieces);
  syncFolder(dirname(path));
}

function replaceFile(path: string, pieces: Iterable<string | Uint8Array>, overwrite = true): void {
  let forget: (() => void) | undefined;
  let temporary: string | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    temporary = temporaryName(path);
    forget = noteTemporary(temporary);
    writeSynced(temporary, pieces);
    if (overwrite) renameOver(temporary, path);
    else renameToNew(temporary, path);
  } catch (error) {
    if (temporary) rmSync(temporary, { force: true });
    throw new Error(`Cannot write "${path}": ${systemReason(error)}. What stood there before is untouched.`, {
      cause: error,
    });
  } finally {
    forget?.();
  }
}

/** Makes a rename in a folder last. Windows has no way to, and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const file = openSync(folder, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
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

function writeSynced(path: string, pieces: Iterable<string | Uint8Array>): void {
  const file = openSync(path, "wx");
  try {
    for (const piece of pieces) {
      const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
      for (let done = 0; done < bytes.byteLength; ) done += writeSync(file, bytes, done);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Renames where there is nothing yet: a link is refused where its name is taken, by whomever. */
function renameToNew(from: string, to: string): void {
  try {
    linkSync(from, to);
    rmSync(from, { force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" || existsSync(to))
      throw new Error("there is something of this name already", { cause: error });
    renameOver(from, to); // a file system without links
  }
}

/**
 * Writes a folder whole or not at all: `write` fills a temporary one beside it, which then takes its name. Files that are
 * in the folder already, and are not written anew, stay.
 */
export function writeFolderAtomic(folder: string, write: (staged: string) => void): void {
  const target = resolve(folder);
  const staged = temporaryName(target);
  const forget = noteTemporary(staged);
  try {
    mkdirSync(staged, { recursive: true });
    write(staged);
    const isNew = !existsSync(target) || readdirSync(target).length === 0;
    if (isNew) {
      rmSync(target, { recursive: true, force: true }); // an empty one
      renameOver(staged, target);
    } else {
      for (const name of readdirSync(staged)) renameOver(join(staged, name), join(target, name));
    }
  } finally {
    rmSync(staged, { recursive: true, force: true });
    forget?.();
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
