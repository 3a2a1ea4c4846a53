import { getMemory } from "./memory.js";
import type { Session } from "./session.js";

interface Entry {
  session: Session;
  bytes: number;
}

// In the order of last use, the latest at the end.
const entries = new Map<string, Entry>();
let held = 0;

/** How many sessions are held and their estimated bytes. */
export function sessionCacheSize(): { sessions: number; bytes: number } {
  return { sessions: entries.size, bytes: held };
}

/** The session under `key`, made by `make` where there is none. */
export function cachedSession(key: string, make: () => Entry): Session {
  let entry = entries.get(key);
  if (entry) entries.delete(key);
  else {
    entry = make();
    held += entry.bytes;
  }
  entries.set(key, entry);
  evict();
  return entry.session;
}

/** Frees the sessions whose key begins with `prefix`. */
export function dropSessions(prefix: string): void {
  for (const key of [...entries.keys()]) if (key.startsWith(prefix)) drop(key);
}

/** Frees the least recently used sessions until the rest fits; the latest stays, however large. */
function evict(): void {
  for (const key of [...entries.keys()].slice(0, -1)) {
    if (held <= getMemory()) return;
    drop(key);
  }
}

function drop(key: string): void {
  const entry = entries.get(key) as Entry;
  entries.delete(key);
  held -= entry.bytes;
  entry.session.dispose();
}
