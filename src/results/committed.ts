import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { writeFileSynced } from "../files/atomic.js";
import { sha256OfFile } from "../files/hash.js";
import { type CanonicalLine, readLines } from "./canonical-rows.js";
import type { Database } from "./database.js";
import { storeError } from "./store-error.js";

/** The committed file of one kind of rows, and the working store that it is read into and exported from. */
export interface Committed {
  database: Database;
  kind: string;
  path: string;
  /** Folder where a damaged file is kept. */
  aside: string;
  warn: (message: string) => void;
}

/** Lines per query: no query is open between two of them, so that nobody waits for a slow reader. */
const page = 500;

/** The lines of a kind in the order of their keys. */
export function* storedLines(database: Database, kind: string): Generator<CanonicalLine, void> {
  const sql = `SELECT key, line AS text FROM rows WHERE kind = ? AND key > ? ORDER BY key LIMIT ${page}`;
  for (let lines = database.all<CanonicalLine>(sql, kind, ""); lines.length > 0; ) {
    yield* lines;
    if (lines.length < page) return;
    lines = database.all<CanonicalLine>(sql, kind, lines[page - 1].key);
  }
}

/** What tells that a file is not the one that was read: its size, times and number. */
export function stampOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? [found.size, found.mtimeNs, found.ctimeNs, found.ino].join("-") : "absent";
}

/** Files that changed this short a time ago may change again without new times, on disks that count in seconds. */
const settlesInMilliseconds = 2000;

function isSettled(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return !found || Date.now() - Math.max(found.mtimeMs, found.ctimeMs) > settlesInMilliseconds;
}

/** Whether the committed file is the one that the working store read or wrote last. */
export function isUnchanged({ database, kind, path }: Committed): boolean {
  const known = database.get<{ stamp: string; settled: number }>(
    `SELECT stamp, settled FROM files WHERE kind = ?`,
    kind,
  );
  const stamp = stampOf(path);
  if (!known) return stamp === "absent";
  return known.stamp === stamp && known.settled === 1;
}

/**
 * Reads the committed file into the working store where it changed since it was read or written here, as a checkout or a
 * merge changes it. Rows that it does not hold any more go; rows that were computed here and not exported yet stay, before
 * its own. Where a line is damaged, the file is kept aside and written anew from what is sound.
 */
export function readCommitted(committed: Committed): void {
  if (isUnchanged(committed)) return;
  committed.database.transaction(() => {
    const { database, kind, path } = committed;
    if (isUnchanged(committed)) return; // another process was faster
    const stamp = stampOf(path);
    const known = database.get<{ hash: string }>("SELECT hash FROM files WHERE kind = ?", kind);
    if (known && stamp !== "absent" && known.hash === sha256OfFile(path)) {
      const sql = "UPDATE files SET stamp = ?, settled = ? WHERE kind = ?";
      database.run(sql, stamp, isSettled(path) ? 1 : 0, kind);
      return;
    }
    const { damaged, hash } = takeIn(committed);
    if (damaged === 0) record(committed, stamp, hash);
    else replaceDamaged(committed, damaged);
  });
}

/** Makes the rows of a file the exported rows of the store. */
function takeIn({ database, kind, path }: Committed): { damaged: number; hash: string } {
  const hash = createHash("sha256");
  const keys = new Set<string>();
  const isFirst = database.get("SELECT 1 FROM rows WHERE kind = ? LIMIT 1", kind) === undefined;
  let damaged = 0;
  for (const line of readLines(path, (bytes) => hash.update(bytes))) {
    if (!line) {
      damaged++;
      continue;
    }
    const isRepeated = keys.has(line.key);
    const before = isFirst && !isRepeated ? undefined : storedRow(database, kind, line.key);
    if (isRepeated) {
      if (before?.text !== line.text) damaged++; // two rows of one unit contradict each other
      continue;
    }
    keys.add(line.key);
    if (before && before.text === line.text) {
      if (before.exported === 0)
        database.run("UPDATE rows SET exported = 1 WHERE kind = ? AND key = ?", kind, line.key);
    } else if (!before || before.exported === 1) {
      if (before) dropRow(database, kind, line.key, "another row is in the committed file");
      insertLine(database, kind, line, "read", 1);
    }
  }
  const gone = isFirst ? [] : exportedKeys(database, kind).filter((key) => !keys.has(key));
  for (const key of gone) dropRow(database, kind, key, "it went from the committed file");
  return { damaged, hash: hash.digest("hex") };
}

/** Keys of the rows that stood in the committed file when it was last read or written. */
export function exportedKeys(database: Database, kind: string): string[] {
  const sql = "SELECT key FROM rows WHERE kind = ? AND exported = 1 ORDER BY key";
  return database.all<{ key: string }>(sql, kind).map(({ key }) => key);
}

/** A stored line, and whether it stands in the committed file. */
export function storedRow(
  database: Database,
  kind: string,
  key: string,
): { text: string; exported: number; seq: number } | undefined {
  return database.get("SELECT line AS text, exported, seq FROM rows WHERE kind = ? AND key = ?", kind, key);
}

/** Stores a line in place of another of the same unit, and returns its number. */
export function insertLine(
  database: Database,
  kind: string,
  { key, text }: CanonicalLine,
  origin: string,
  exported: number,
): number {
  const sql = "INSERT OR REPLACE INTO rows (kind, key, line, origin, exported) VALUES (?, ?, ?, ?, ?)";
  return database.run(sql, kind, key, text, origin, exported);
}

/** Takes a row out of the store; the last that was taken out of each unit is kept. */
export function dropRow(database: Database, kind: string, key: string, why: string): void {
  const kept = "INSERT OR REPLACE INTO dropped SELECT kind, key, line, ? FROM rows WHERE kind = ? AND key = ?";
  database.run(kept, why, kind, key);
  database.run("DELETE FROM rows WHERE kind = ? AND key = ?", kind, key);
}

/** Copies a damaged file aside and exports what is sound over it; where that cannot be written, it stays as it is. */
function replaceDamaged(committed: Committed, damaged: number): void {
  const { database, kind, path, aside, warn } = committed;
  const sound = database.get<{ n: number }>("SELECT count(*) AS n FROM rows WHERE kind = ?", kind)?.n;
  const lines = `${path}: ${damaged} damaged line${damaged > 1 ? "s" : ""}.`;
  const rest = `${sound} sound results are kept and the rest is computed again.`;
  if (database.isReadOnly) {
    warn(`${lines} ${rest}`);
    return;
  }
  try {
    mkdirSync(aside, { recursive: true });
    const copy = join(aside, `${basename(path)}.${sha256OfFile(path).slice(0, 12)}`);
    if (!existsSync(copy)) copyFileSync(path, copy);
    exportRows(committed);
    warn(`${lines} The file is set aside; ${rest}`);
  } catch (error) {
    warn(`${lines} ${rest} ${storeError(error, "It cannot be set aside", path).message}`);
  }
}

/**
 * Writes all rows of a kind over its committed file, whole and synced before it replaces the old one; part of the caller's
 * transaction, so that two processes never export at once.
 *
 * @throws naming the file where it cannot be written; the store and the old file stay as they are
 */
export function exportRows(committed: Committed): void {
  const { database, kind, path } = committed;
  const hash = createHash("sha256");
  function* pieces(): Generator<string, void> {
    let lines: string[] = [];
    const flush = () => {
      const piece = lines.join("");
      hash.update(piece);
      lines = [];
      return piece;
    };
    for (const { text } of storedLines(database, kind)) if (lines.push(`${text}\n`) === page) yield flush();
    yield flush();
  }
  try {
    writeFileSynced(path, pieces());
  } catch (error) {
    throw storeError(error, "Results cannot be exported", path);
  }
  database.run("UPDATE rows SET exported = 1 WHERE kind = ? AND exported = 0", kind);
  record(committed, stampOf(path), hash.digest("hex"));
}

/** Notes what the committed file is, now that its rows are the exported rows of the store. */
function record({ database, kind, path }: Committed, stamp: string, hash: string): void {
  const sql = "INSERT OR REPLACE INTO files (kind, stamp, hash, settled, dirty) VALUES (?, ?, ?, ?, 0)";
  database.run(sql, kind, stamp, hash, isSettled(path) ? 1 : 0);
}
