import { Session } from "node:inspector";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { readLines } from "../read-lines.js";
import { flag, readyName } from "./interruption.js";

/*
 * The session's watching thread. It hears of interruptions, and of the kernel's end, also while the main thread computes.
 */

const { flags, descriptor } = workerData as { flags: Int32Array; descriptor: number };
const patience = { command: 80, pause: 1000, again: 10 }; // milliseconds

/** A call on the main thread's stack; of its script the inspector tells the number alone. */
interface Frame {
  callFrameId: string;
  functionName: string;
  location: { scriptId: string };
}

let inspector: Session | undefined;
let paused: ((frames: Frame[]) => void) | undefined;
const scripts = new Map<string, string>(); // names, by number

function post(method: string, parameters: object = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    inspector?.post(method, parameters, (error) => (error ? reject(error) : resolve()));
  });
}

function connect(): void {
  if (inspector) return;
  inspector = new Session();
  inspector.connectToMainThread();
  inspector.on("Debugger.scriptParsed", ({ params }) => scripts.set(params.scriptId, params.url));
  inspector.on("Debugger.paused", ({ params }) => paused?.(params.callFrames));
}

/** The compiler, and the kernel's own functions, such as the one that writes output, are not ended half-way; waits are. */
const kernels = /[\\/]dist[\\/]kernel[\\/](?!session[\\/]wait\.js)|[\\/]tslab[\\/]dist[\\/]/;

const nameOf = ({ location }: Frame) => scripts.get(location.scriptId) ?? "";

function isReaders(frames: readonly Frame[]): boolean {
  const inner = frames.map(nameOf).find((one) => !one.startsWith("node:"));
  return inner !== undefined && !kernels.test(inner);
}

/**
 * What is ended by force does not come to its `finally`. In that of Node's queue of immediate callbacks the queue goes on to
 * the next; without it Node would fail at the same one for ever.
 */
async function passImmediates(frames: readonly Frame[]): Promise<void> {
  const expression = "outstandingQueue.head = immediate._idleNext";
  for (const frame of frames) {
    if (frame.functionName !== "processImmediate" || nameOf(frame) !== "node:internal/timers") continue;
    await post("Debugger.evaluateOnCallFrame", { callFrameId: frame.callFrameId, expression, silent: true });
  }
}

const load = (name: keyof typeof flag) => Atomics.load(flags, flag[name]);
const isOver = (number: number) => Math.max(load("heard"), load("ended")) >= number;

/**
 * Stops the main thread where it is; ends what runs there if that is the reader's: of this cell, or what an earlier one left
 * running, which keeps this one from its turn.
 */
async function endBusyCode(number: number): Promise<void> {
  const frames = new Promise<Frame[]>((resolve) => {
    paused = resolve;
  });
  await post("Debugger.pause");
  const at = await Promise.race([frames, sleep(patience.pause)]);
  paused = undefined;
  if (!at) return;
  const terminateOnResume = !isOver(number) && isReaders(at);
  if (terminateOnResume) {
    await post("Runtime.evaluate", { expression: `globalThis[Symbol.for("${readyName}")]()` });
    await passImmediates(at);
  }
  // Not Runtime.terminateExecution: it is answered when no JavaScript is left, and native code may swallow the end.
  await post("Debugger.resume", { terminateOnResume }).catch(() => {}); // it may run again already
}

const asked = new Set<number>();

async function interrupt(number: number): Promise<void> {
  if (asked.has(number)) return;
  asked.add(number);
  await sleep(patience.command);
  if (!isOver(number)) {
    connect();
    await post("Debugger.enable");
    while (!isOver(number)) {
      await endBusyCode(number);
      await sleep(patience.again);
    }
    await post("Debugger.disable");
  }
  asked.delete(number);
}

const socket = new Socket({ fd: descriptor, readable: true, writable: false });
readLines(socket, (line) => {
  interrupt(Number(line)).catch(() => asked.delete(Number(line)));
});
const end = () => process.kill(process.pid, "SIGKILL");
socket.on("error", end).on("close", end);
