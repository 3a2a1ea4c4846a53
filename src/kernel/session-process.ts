import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { fileURLToPath } from "node:url";
import { answerPipe } from "./compiler/protocol.js";
import { spawnCompiler } from "./compiler/start.js";
import { readLines } from "./read-lines.js";
import { type Command, type Report, sessionPipe } from "./session/protocol.js";

/** The process that runs the reader's code, as the kernel sees it. */
export interface SessionProcess {
  /** Whom it tells what the session puts out, from its beginning. */
  listen(events: SessionEvents): void;
  send(command: Command): void;
  /** Ends what runs now: the execution of this number, whatever it does. */
  interrupt(number: number): void;
  /** Waits until what native libraries wrote during an execution has been read. */
  drained(number: number, marks: { 1: boolean; 2: boolean }): Promise<void>;
  /** Stops and resumes reading what the session puts out; meanwhile its cell waits. */
  pause(): void;
  resume(): void;
  /** Asks it to end; by force after `patience` milliseconds. */
  end(patience: number): Promise<void>;
  readonly exited: Promise<string>;
}

export interface SessionEvents {
  onReport(report: Report): void;
  /** Bytes that were written past Jupyter's channels, to descriptor 1 or 2. */
  onNative(name: "stdout" | "stderr", text: string): void;
}

const markPatience = 1000; // milliseconds
const lastWords = 300; // milliseconds

/** Cuts a descriptor's bytes at the marks that the session writes between executions. */
class NativeReader {
  private rest = "";
  private reached = 0;
  private waiting: { number: number; resolve(): void }[] = [];
  private readonly decoder = new StringDecoder("utf8");

  constructor(
    stream: Readable,
    private readonly nonce: string,
    private readonly take: (text: string) => void,
  ) {
    stream.on("data", (bytes: Buffer) => this.read(this.decoder.write(bytes)));
    stream.on("error", () => {});
    stream.on("close", () => this.reach(Number.POSITIVE_INFINITY));
  }

  private read(text: string): void {
    this.rest += text;
    for (;;) {
      const at = this.rest.indexOf(`\0${this.nonce}:`);
      const end = at < 0 ? -1 : this.rest.indexOf("\0", at + 1);
      // Up to a mark, or up to where one may begin.
      const begins = this.rest.lastIndexOf("\0");
      const from = at >= 0 ? at : this.maybe(begins) ? begins : this.rest.length;
      if (from > 0) this.take(this.rest.slice(0, from));
      if (end < 0) {
        this.rest = this.rest.slice(from);
        return;
      }
      const number = Number(this.rest.slice(at + this.nonce.length + 2, end));
      this.rest = this.rest.slice(end + 1);
      this.reach(number);
    }
  }

  /** Whether the text from a NUL on may be a mark that has not come whole. */
  private maybe(at: number): boolean {
    const mark = `\0${this.nonce}:`;
    const tail = this.rest.slice(at);
    return at >= 0 && tail.length < mark.length + 20 && mark.startsWith(tail.slice(0, mark.length));
  }

  private reach(number: number): void {
    this.reached = Math.max(this.reached, number);
    this.waiting = this.waiting.filter((one) => {
      if (one.number > this.reached) return true;
      one.resolve();
      return false;
    });
  }

  until(number: number): Promise<void> {
    if (this.reached >= number) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, markPatience);
      this.waiting.push({
        number,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      });
    });
  }
}

/**
 * Options of Node.js in the session. An interrupt ends JavaScript at once, past Node's own book-keeping of asynchronous
 * calls, which is set right afterwards (see interruption.ts): without the first option Node would abort meanwhile. The
 * second: loading an ES module from a cell makes it warn that this is experimental, which a reader need not see.
 */
const nodeOptions = ["--no-force-async-hooks-checks", "--disable-warning=ExperimentalWarning"];

/** Starts the compiler, which takes the longest. Undefined on Windows, where its pipes cannot be handed on: the session starts one. */
export function startCompiler(): ChildProcess | undefined {
  const compiler = process.platform === "win32" ? undefined : spawnCompiler();
  compiler?.on("error", () => {}); // the session finds its pipes closed
  return compiler;
}

/** Starts the session in this process's working directory; the compiler's pipes become the session's. */
export function startSession(compiler: ChildProcess | undefined): SessionProcess {
  const nonce = randomBytes(12).toString("hex");
  const program = fileURLToPath(new URL("session/main.js", import.meta.url));
  const handed = compiler ? [compiler.stdin as Writable, compiler.stdio[answerPipe] as Readable] : [];
  const child: ChildProcess = spawn(process.execPath, [...nodeOptions, program, nonce], {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe", ...handed],
    // In a process group of its own: a signal to the kernel's group means the kernel, which decides what it is to a cell.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  for (const pipe of handed) pipe.destroy();
  const pipes = child.stdio as unknown as (Readable & Writable)[];
  const out: Readable = pipes[sessionPipe.out];
  const commands: Writable = pipes[sessionPipe.in];
  const watch: Writable = pipes[sessionPipe.watch];
  for (const pipe of [commands, watch]) pipe.on("error", () => {});
  let native: Record<1 | 2, NativeReader> | undefined;
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      const how = signal ? `by signal ${signal}` : `with exit code ${code}`;
      // What it wrote last is still in the pipes; a program that it started may hold them open.
      const timer = setTimeout(() => resolve(how), lastWords);
      child.once("close", () => {
        clearTimeout(timer);
        resolve(how);
      });
    });
  });

  return {
    listen({ onReport, onNative }) {
      native = {
        1: new NativeReader(child.stdout as Readable, nonce, (text) => onNative("stdout", text)),
        2: new NativeReader(child.stderr as Readable, nonce, (text) => onNative("stderr", text)),
      };
      out.on("error", () => {}); // the session died: its end is told by "exit"
      readLines(out, (line) => onReport(JSON.parse(line)));
    },
    send: (command) => void commands.write(`${JSON.stringify(command)}\n`),
    interrupt(number) {
      commands.write(`${JSON.stringify({ type: "interrupt", number })}\n`);
      watch.write(`${number}\n`);
    },
    async drained(number, marks) {
      await Promise.all([marks[1] && native?.[1].until(number), marks[2] && native?.[2].until(number)]);
    },
    pause: () => void out.pause(),
    resume: () => void out.resume(),
    async end(patience) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      commands.write(`${JSON.stringify({ type: "exit" })}\n`);
      const timer = setTimeout(() => child.kill("SIGKILL"), patience);
      await new Promise<void>((resolve) => child.once("exit", () => resolve()));
      clearTimeout(timer);
    },
    exited,
  };
}
