import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file whole or not at all: first to a temporary name beside it, then renamed over it.
 * Missing folders are made.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  replaceFile(path, [content], () => {});
}

/**
 * Writes a file whole or not at all, piece by piece, so that it outlives a power failure too: its bytes are on the disk before
 * it replaces the old one, and its folder's entry is before this returns.
 */
export function writeFileSynced(path: string, pieces: Iterable<string | Uint8Array>): void {
  replaceFile(path, pieces, fsyncSync);
  syncFolder(dirname(path));
}

function replaceFile(path: string, pieces: Iterable<string | Uint8Array>, sync: (file: number) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = openSync(temporary, "wx");
    try {
      for (const piece of pieces) writeFileSync(file, piece);
      sync(file);
    } finally {
      closeSync(file);
    }
    renameOver(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
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

/** Removes what killed processes left beside a file that they were writing; nobody may be writing it now. */
export function removeTemporaries(path: string): void {
  const [folder, name] = [dirname(path), basename(path)];
  if (!existsSync(folder)) return;
  const left = readdirSync(folder).filter((each) => each.startsWith(`${name}.`) && each.endsWith(".tmp"));
  for (const each of left) rmSync(join(folder, each), { force: true });
}

/** Writes a value as JSON, indented, with a last newline; whole or not at all. */
export function writeJsonAtomic(path: string, value: unknown): void {
  writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
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
      if (!busy || attempt === 9) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20 * attempt); // sleeps, in milliseconds
    }
  }
}
