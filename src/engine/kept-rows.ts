import { getMemory } from "./memory.js";
import { sessionCacheSize } from "./session-cache.js";

/** What is kept of one row: its part of each value, in order. */
export type KeptRow = readonly Float32Array[];

interface Entry {
  row: KeptRow;
  bytes: number;
  /** The run in which it was last used. */
  used: number;
}

/**
 * Rows that went unused for so many runs make room for others. A sweep goes round all domains: were the oldest to go at
 * once, a memory too small by a little would never find a row again.
 */
const STALE = 4096;

// By owner and the row's own bytes; in the order of last use.
const entries = new Map<string, Entry>();
let held = 0;
let run = 0;
let told = false;

/** Bytes that rows may take: what the compiled functions leave of this process's memory limit. */
const budget = () => Math.max(0, getMemory() - sessionCacheSize().bytes);

/** Begins a run: rows used from here on count as used in it. */
export function beginRun(): void {
  run++;
}

/** The row of a key, if it is kept. */
export function keptRow(key: string): KeptRow | undefined {
  const entry = entries.get(key);
  if (!entry) return undefined;
  entry.used = run;
  entries.delete(key);
  entries.set(key, entry);
  return entry.row;
}

/** Keeps a row if there is room, or if rows that went long unused can make some. */
export function keepRow(key: string, row: KeptRow): void {
  const bytes = row.reduce((sum, part) => sum + part.byteLength, 2 * key.length + 200); // 200: objects around them
  for (const [oldest, entry] of entries) {
    if (held + bytes <= budget() || (held <= budget() && run - entry.used < STALE)) break;
    remove(oldest);
  }
  if (held + bytes > budget()) return void tell();
  entries.set(key, { row, bytes, used: run });
  held += bytes;
}

/** Forgets the rows whose key begins with `owner`. */
export function dropRows(owner: string): void {
  for (const key of [...entries.keys()]) if (key.startsWith(owner)) remove(key);
}

/** How many rows are kept and their bytes. */
export function keptRowsSize(): { rows: number; bytes: number } {
  return { rows: entries.size, bytes: held };
}

function remove(key: string): void {
  held -= (entries.get(key) as Entry).bytes;
  entries.delete(key);
}

/** Once for each process. */
function tell(): void {
  if (told || budget() === 0) return;
  told = true;
  const megabytes = Math.round(budget() / 2 ** 20);
  console.warn(
    `The memory for what encoders have computed is full (${megabytes} MB in this process): texts beyond it are computed ` +
      "anew each time, with the same results. --memory, or SIGNMIX_MEMORY, gives more.",
  );
}
