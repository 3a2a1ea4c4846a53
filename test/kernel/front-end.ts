import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as zmq from "zeromq";
import { projectPath } from "#src/files/project.js";
import { createHeader, decode, encode, type Message, request } from "#src/kernel/wire.js";

/** A front end as the protocol has it, close to the wire: what comes is kept as it came. */
export interface FrontEnd {
  readonly child: ChildProcess;
  readonly connectionFile: string;
  readonly folder: string;
  readonly key: string;
  readonly ports: Record<string, number>;
  /** what the kernel wrote on its own stderr */
  log(): string;
  /** every iopub message so far, in order */
  readonly published: Message[];
  send(type: string, content: object, options?: { channel?: "shell" | "control"; buffers?: Buffer[] }): string;
  sendFrames(frames: Buffer[], channel?: "shell" | "control" | "stdin"): Promise<void>;
  reply(id: string, seconds?: number): Promise<Message>;
  /** iopub messages of a request until it is idle */
  outputs(id: string, seconds?: number): Promise<Message[]>;
  /** sends, and waits for the reply and the end */
  ask(type: string, content: object, channel?: "shell" | "control"): Promise<Message>;
  execute(code: string, more?: object): Promise<{ reply: Record<string, unknown>; outputs: Message[] }>;
  /** answers every question with this */
  answerWith(value: string): void;
  readonly asked: Message[];
  /** waits until something holds */
  until(what: string, holds: () => boolean, seconds?: number): Promise<void>;
  close(): Promise<void>;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export const kernelProgram = projectPath("dist", "kernel", "main.js");
export const skip = existsSync(kernelProgram) ? false : "the kernel is not built: npm run build";

export interface StartOptions {
  cwd?: string;
  env?: Record<string, string>;
  connection?: Record<string, unknown>;
  /** program and arguments of another kernel, as a kernel description has them */
  argv?: readonly string[];
}

/** Starts a kernel and greets it. */
export async function startFrontEnd({ cwd, env = {}, connection = {}, argv }: StartOptions = {}): Promise<FrontEnd> {
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-front-end-"));
  const key = randomBytes(16).toString("hex");
  const names = ["shell", "iopub", "stdin", "control", "hb"];
  const numbers = await freePorts(names.length);
  const ports = Object.fromEntries(names.map((name, at) => [name, numbers[at]]));
  const connectionFile = path.join(folder, "connection.json");
  const stored = Object.fromEntries(names.map((name) => [`${name}_port`, ports[name]]));
  writeFileSync(
    connectionFile,
    JSON.stringify({
      ...stored,
      ip: "127.0.0.1",
      transport: "tcp",
      key,
      signature_scheme: "hmac-sha256",
      ...connection,
    }),
  );
  const [program, ...args] = argv ?? [process.execPath, kernelProgram, "{connection_file}"];
  const given = args.map((word) => (word === "{connection_file}" ? connectionFile : word));
  const child = spawn(program, given, {
    cwd: cwd ?? folder,
    env: {
      ...process.env,
      SIGNMIX_HISTORY: "off",
      JPY_PARENT_PID: String(process.pid),
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });

  const session = randomBytes(8).toString("hex");
  const dealer = (name: string) => {
    const socket = new zmq.Dealer({ routingId: session, linger: 0, sendHighWaterMark: 0 });
    socket.connect(`tcp://127.0.0.1:${ports[name]}`);
    return socket;
  };
  const sockets = { shell: dealer("shell"), control: dealer("control"), stdin: dealer("stdin") };
  const iopub = new zmq.Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  iopub.connect(`tcp://127.0.0.1:${ports.iopub}`);
  iopub.subscribe();

  const published: Message[] = [];
  const replies = new Map<string, Message>();
  const asked: Message[] = [];
  let answer: string | undefined;
  let notify: (() => void)[] = [];
  const came = () => {
    const waiting = notify;
    notify = [];
    for (const one of waiting) one();
  };
  async function listen(socket: zmq.Dealer | zmq.Subscriber, take: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      take(decode(frames, { key }));
      came();
    }
  }
  const sending = new Map<object, Promise<void>>();
  function queue(socket: zmq.Dealer, frames: Buffer[]): Promise<void> {
    const next = (sending.get(socket) ?? Promise.resolve()).then(() => socket.send(frames));
    sending.set(
      socket,
      next.catch(() => {}),
    );
    return next;
  }
  const ignore = () => {};
  listen(sockets.shell, (message) => void replies.set(String(message.parent.msg_id), message)).catch(ignore);
  listen(sockets.control, (message) => void replies.set(String(message.parent.msg_id), message)).catch(ignore);
  listen(iopub, (message) => void published.push(message)).catch(ignore);
  listen(sockets.stdin, (message) => {
    asked.push(message);
    if (answer === undefined) return;
    const header = createHeader("input_reply", session);
    queue(sockets.stdin, encode({ header, parent: message.header, metadata: {}, content: { value: answer } }, { key }));
  }).catch(ignore);

  async function until(what: string, holds: () => boolean, seconds = 60): Promise<void> {
    const deadline = performance.now() + 1000 * seconds;
    while (!holds()) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`${what} did not come in ${seconds} s.\n${log}`);
      const stop = new AbortController();
      const message = new Promise<void>((resolve) => notify.push(resolve));
      await Promise.race([message, sleep(Math.min(left, 100), undefined, { signal: stop.signal }).catch(() => {})]);
      stop.abort();
    }
  }
  const ofParent = (id: string) => published.filter((message) => message.parent.msg_id === id);
  const isIdle = (id: string) =>
    ofParent(id).some(({ header, content }) => header.msg_type === "status" && content.execution_state === "idle");

  const frontEnd: FrontEnd = {
    ...{ child, connectionFile, folder, key, ports, published, asked, until },
    log: () => log,
    send(type, content, { channel = "shell", buffers } = {}) {
      const message = { ...request(type, content as Record<string, unknown>, session), buffers };
      queue(sockets[channel], encode(message, { key }));
      return message.header.msg_id;
    },
    sendFrames: (frames, channel = "shell") => queue(sockets[channel], frames),
    async reply(id, seconds) {
      await until(`The reply to ${id}`, () => replies.has(id), seconds);
      return replies.get(id) as Message;
    },
    async outputs(id, seconds) {
      await until(`The end of ${id}`, () => isIdle(id), seconds);
      return ofParent(id).filter(({ header }) => !["status", "execute_input"].includes(header.msg_type));
    },
    async ask(type, content, channel = "shell") {
      const id = frontEnd.send(type, content, { channel });
      const reply = await frontEnd.reply(id);
      await frontEnd.outputs(id);
      return reply;
    },
    async execute(code, more = {}) {
      const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, ...more };
      const id = frontEnd.send("execute_request", { stop_on_error: true, ...content });
      const reply = await frontEnd.reply(id);
      return { reply: reply.content, outputs: await frontEnd.outputs(id) };
    },
    answerWith(value) {
      answer = value;
    },
    async close() {
      const gone =
        child.exitCode !== null || child.signalCode !== null
          ? Promise.resolve()
          : new Promise<void>((resolve) => child.once("close", () => resolve()));
      frontEnd.send("shutdown_request", { restart: false }, { channel: "control" });
      const killed = setTimeout(() => child.kill("SIGKILL"), 8000);
      await gone;
      clearTimeout(killed);
      for (const socket of [...Object.values(sockets), iopub]) socket.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    // A subscription takes a moment: asks until both channels answer.
    for (let heard = false; !heard; ) {
      const id = frontEnd.send("kernel_info_request", {});
      await frontEnd.reply(id);
      heard = await until("The first message", () => isIdle(id), 1).then(
        () => true,
        () => false,
      );
    }
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return frontEnd;
}

/** What streams of one name say, joined. */
export function text(outputs: readonly Message[], name?: "stdout" | "stderr"): string {
  return outputs
    .filter(({ header, content }) => header.msg_type === "stream" && (name === undefined || content.name === name))
    .map(({ content }) => String(content.text))
    .join("");
}

/** The contents of messages of one type. */
export function contents(outputs: readonly Message[], type: string): Record<string, unknown>[] {
  return outputs.filter(({ header }) => header.msg_type === type).map(({ content }) => content);
}
