import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./temporary.js";

/** A holder shows that it lives by touching its lock this often; in milliseconds. */
const TOUCH_EVERY = 5000;
/** A lock that was not touched for so long has lost its holder. */
const LOST_AFTER = 60_000;
const LOOK_EVERY = 100;

/** Calls of this process that hold or wait for a lock, by its path. */
const queues = new Map<string, Promise<unknown>>();

/**
 * Runs `use` while no other call, process or machine that shares the folder holds the lock file. A lock whose holder was
 * killed is taken over.
 */
export async function withFileLock<T>(
  path: string,
  signal: AbortSignal | undefined,
  use: () => Promise<T>,
): Promise<T> {
  const before = queues.get(path) ?? Promise.resolve();
  const turn = before.catch(() => {}).then(() => hold(path, signal, use));
  queues.set(path, turn);
  try {
    return await turn;
  } finally {
    if (queues.get(path) === turn) queues.delete(path);
  }
}

async function hold<T>(path: string, signal: AbortSignal | undefined, use: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  while (!tryLock(path)) {
    signal?.throwIfAborted();
    await sleep(LOOK_EVERY, undefined, { signal });
  }
  const touch = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // taken over: the file is checked by its hash all the same
    }
  }, TOUCH_EVERY);
  touch.unref();
  try {
    return await use();
  } finally {
    clearInterval(touch);
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  try {
    const file = openSync(path, "wx");
    writeSync(file, `${process.pid} ${hostname()}`);
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  if (isLost(path)) rmSync(path, { force: true });
  return false;
}

function isLost(path: string): boolean {
  try {
    const [pid, host] = readFileSync(path, "utf8").split(" ");
    if (host === hostname() && Number(pid) > 0 && !isAlive(Number(pid))) return true;
    return Date.now() - statSync(path).mtimeMs > LOST_AFTER;
  } catch {
    return false; // given back meanwhile
  }
}
