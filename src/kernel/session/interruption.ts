import { createHook } from "node:async_hooks";
import { Worker } from "node:worker_threads";

/*
 * How a cell is stopped, whatever it does. A cell that waits is told by a command (main.ts). One that computes does not
 * hear commands; a thread of its own (watch.ts) then has V8's debugger stop the main thread and ends what runs there.
 */

/** Numbers that the main thread and the watching thread share, by their place in the array. */
export const flag = {
  /** number of the latest execution whose interruption the main thread has heard */
  heard: 0,
  /** number of the latest execution that has ended */
  ended: 1,
} as const;

const flags = new Int32Array(new SharedArrayBuffer(8));

export function setFlag(name: keyof typeof flag, value: number): void {
  Atomics.store(flags, flag[name], value);
}

/** Starts the watching thread, which also ends this process when the kernel is gone. */
export function startWatch(descriptor: number): void {
  const worker = new Worker(new URL("watch.js", import.meta.url), { workerData: { flags, descriptor }, execArgv: [] });
  worker.unref();
}

interface AsyncWrap {
  async_hook_fields: Uint32Array;
  constants: { kCheck: number; kTotals: number };
  clearAsyncIdStack(): void;
  setPromiseHooks(...hooks: (undefined | ((...args: unknown[]) => void))[]): void;
}

let unhooked = false;

/** Lets Node follow promises again, once a cell has ended. */
export function followPromises(): void {
  if (!unhooked) return;
  unhooked = false;
  createHook({ init() {} })
    .enable()
    .disable(); // Node hands its functions to V8 whenever a hook comes or goes
}

const typeOfSign = new Set<string>(["undefined"]);

/**
 * Whether an error that is told is V8's sign of an end by force, which is nobody's error. It is a value that no program should
 * see: its type is "undefined", yet it is not undefined. V8 answers a plain comparison of its type now so, now otherwise.
 */
export function isEndByForce(error: unknown): boolean {
  return error !== undefined && typeOfSign.has(typeof error);
}

/** The name of what the watching thread has the main thread do before it ends what runs there. */
export const readyName = "signmix.ready-for-force";

/**
 * JavaScript that is ended by force leaves Node's stack of asynchronous calls as it is, and Node, which finds it too high,
 * aborts. So the stack is emptied just before, and both its checks are turned off, since what runs on until the end comes may
 * fill it again (where nothing follows asynchronous calls, an option turns them off: see session-process.ts). Node keeps this
 * where only its own modules and old packages reach.
 */
export function allowForce(): void {
  const node = process as unknown as { binding?(name: string): AsyncWrap; noDeprecation?: boolean };
  const warned = node.noDeprecation;
  let wrap: AsyncWrap | undefined;
  try {
    node.noDeprecation = true;
    wrap = node.binding?.("async_wrap");
  } catch {
    // A Node.js that follows calls in another way, without such a stack.
  }
  node.noDeprecation = warned;
  const ready = () => {
    if (!wrap) return;
    const { kCheck, kTotals } = wrap.constants;
    wrap.async_hook_fields[kCheck] = 0;
    wrap.async_hook_fields[kTotals] = 0; // which asks only whether an empty stack is checked for
    wrap.clearAsyncIdStack();
    // V8 calls these between a cell's promises; the end, where it comes within one, would be told and forgotten.
    wrap.setPromiseHooks(undefined, undefined, undefined, undefined);
    unhooked = true;
  };
  Object.defineProperty(globalThis, Symbol.for(readyName), { value: ready });
}
