import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import { answerPipe, type CompilerAnswer, type CompilerQuery } from "../compiler/protocol.js";
import { spawnCompiler } from "../compiler/start.js";
import { readLines } from "../read-lines.js";
import { compilerPipe } from "./protocol.js";

/*
 * The compiler's process, as the session sees it. The kernel has started it beside the session and hands on its pipes; where
 * it did not, or the process has ended, the session starts one.
 */

interface Asked {
  line: string;
  /** whether a process has ended over it */
  again: boolean;
  resolve(content: unknown): void;
  reject(error: Error): void;
}

let requests: Socket | undefined;
const waiting = new Map<number, Asked>();
let number = 0;
let hasAnswered = false;
let useSnapshot = true;

function take({ id, content, thrown }: CompilerAnswer): void {
  hasAnswered = true;
  const asked = waiting.get(id);
  waiting.delete(id);
  if (thrown === undefined) asked?.resolve(content);
  else asked?.reject(new Error(`TypeScript failed: ${thrown}`));
}

/** What was asked is asked once more of a new process: from its source, where this one's snapshot was not taken. */
function ended(): void {
  requests = undefined;
  if (!hasAnswered) useSnapshot = false;
  const asked = [...waiting];
  for (const [id, one] of asked) {
    if (!one.again) continue;
    waiting.delete(id);
    one.reject(new Error("The compiler's process ended twice over this cell, for want of memory perhaps."));
  }
  if (waiting.size === 0) return;
  start();
  for (const one of waiting.values()) {
    one.again = true;
    send(one.line);
  }
}

function connect(to: Socket, from: Socket): void {
  requests = to;
  hasAnswered = false;
  readLines(from, (line) => take(JSON.parse(line)));
  for (const one of [to, from]) one.on("error", () => {}).unref(); // it ended, which is told by "close"
  from.on("close", ended);
}

function start(): void {
  const child = spawnCompiler(useSnapshot);
  child.on("error", () => {});
  child.unref();
  connect(child.stdin as Socket, child.stdio[answerPipe] as Socket);
}

function isOpen(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFIFO() || fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}

/** Takes over the compiler that the kernel has started, or starts one. */
export function openCompiler(): void {
  if (process.platform === "win32" || !isOpen(compilerPipe.requests) || !isOpen(compilerPipe.answers)) {
    start();
    return;
  }
  const to = new Socket({ fd: compilerPipe.requests, readable: false, writable: true });
  connect(to, new Socket({ fd: compilerPipe.answers, readable: true, writable: false }));
}

function send(line: string): void {
  requests?.write(line);
}

/** Asks the compiler. Throws what TypeScript itself failed of, or that its process ended. */
export function askCompiler<Answer>(query: CompilerQuery): Promise<Answer> {
  if (!requests) start();
  const id = ++number;
  const line = `${JSON.stringify({ ...query, id })}\n`;
  return new Promise((resolve, reject) => {
    waiting.set(id, { line, again: false, resolve: resolve as (content: unknown) => void, reject });
    send(line);
  });
}
