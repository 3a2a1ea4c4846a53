import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as zmq from "zeromq";
import { parentEnvironment } from "../engine/parent-watch.js";
import { currentScratch, makeScratch, removeScratch, scratchEnvironment } from "../files/temporary.js";
import { decode, encode, type Message, request } from "../kernel/wire.js";

/** How to start a kernel: a Jupyter kernel description's argv, with `{connection_file}` where the file's path goes. */
export interface KernelSpec {
  argv: string[];
  /** "message" where the kernel is interrupted over its control channel; else by signal */
  interrupt_mode?: "signal" | "message";
  env?: Record<string, string>;
}

/** The kernel's process ended while it was needed. */
export class KernelDied extends Error {}

/** What a cell's execution ended with. */
export interface ExecuteReply {
  status: "ok" | "error" | "abort" | "aborted";
  executionCount: number | null;
}

/** A running kernel, spoken to as JupyterLab does. */
export interface KernelClient {
  /** What the kernel says of its language, as notebooks store it. */
  languageInfo: Record<string, unknown>;
  /** Runs code; iopub messages that belong to it go to `onMessage`, also those that come after its end. */
  execute(code: string, onMessage: (message: Message) => void): Promise<ExecuteReply>;
  /** Asks and waits for a sign of life: afterwards, messages sent before it have arrived. */
  settle(): Promise<void>;
  /** Stops the running cell, where the kernel lets itself be stopped. */
  interrupt(): void;
  /** Ends the kernel: by request, and by force if it has not gone after a few seconds. */
  close(): Promise<void>;
}

const startSeconds = 60;

async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  for (let at = 0; at < count; at++) {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

interface Pending {
  reply?: Message;
  idle: boolean;
  finish(reply: Message): void;
  fail(error: Error): void;
}

/**
 * Starts a kernel in a folder and waits until it answers.
 * @throws KernelDied if it ends or stays silent; the message holds what it wrote on its own stderr
 */
export async function startKernel(spec: KernelSpec, cwd: string): Promise<KernelClient> {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  const key = randomBytes(16).toString("hex");
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  const connection = {
    ...ports,
    ip: "127.0.0.1",
    key,
    transport: "tcp",
    signature_scheme: "hmac-sha256",
    kernel_name: "tslab",
  };
  const ofRun = currentScratch();
  const scratch = ofRun ?? makeScratch();
  const connectionFile = join(scratch, `kernel-${randomBytes(8).toString("hex")}.json`);
  const forget = () => rmSync(connectionFile, { force: true });
  writeFileSync(connectionFile, JSON.stringify(connection), { mode: 0o600, flag: "wx" });

  const [command, ...args] = spec.argv.map((word) => word.replace("{connection_file}", connectionFile));
  // By JPY_PARENT_PID a kernel knows whose end is its own; cells that a program runs are no part of a reader's history.
  const own = { SIGNMIX_HISTORY: "off", ...spec.env, JPY_PARENT_PID: String(process.pid) };
  const env = { ...process.env, ...scratchEnvironment(scratch), ...parentEnvironment(), ...own };
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const client = connect(child, connection, spec);
  child.once("close", () => {
    forget();
    if (!ofRun) removeScratch(scratch);
  });
  try {
    await client.greet();
    forget(); // the kernel has read it: nothing is left behind, however this process ends
  } catch (error) {
    await client.close();
    throw error;
  }
  return client;
}

function connect(
  child: ChildProcess,
  {
    shell_port,
    iopub_port,
    control_port,
    key,
  }: Record<"shell_port" | "iopub_port" | "control_port", number> & {
    key: string;
  },
  spec: KernelSpec,
) {
  const session = randomBytes(16).toString("hex");
  const shell = new zmq.Dealer({ routingId: session, linger: 0 });
  const iopub = new zmq.Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  shell.connect(`tcp://127.0.0.1:${shell_port}`);
  const control = new zmq.Dealer({ linger: 0 });
  control.connect(`tcp://127.0.0.1:${control_port}`);
  iopub.connect(`tcp://127.0.0.1:${iopub_port}`);
  iopub.subscribe();

  const pending = new Map<string, Pending>();
  const listeners = new Map<string, (message: Message) => void>();
  let heard = false;
  let ownWords = ""; // the last that the process wrote past Jupyter's channels: native libraries, a crash
  let ended: Error | undefined;

  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      ownWords = (ownWords + text).slice(-2000);
    });
  }
  function end(error: Error): void {
    ended ??= error;
    for (const one of pending.values()) one.fail(ended);
    pending.clear();
  }
  child.once("error", (error) => end(new KernelDied(`The kernel could not be started: ${error.message}.`)));
  child.once("close", (code, signal) => {
    const how = signal ? `by signal ${signal}` : `with exit code ${code}`;
    const hint = signal === "SIGKILL" ? " (the system kills a process that takes too much memory)" : "";
    end(new KernelDied(`The kernel's process ended ${how}${hint}.${ownWords && `\n${ownWords.trimEnd()}`}`));
  });

  function settleIfDone(id: string): void {
    const one = pending.get(id);
    if (!one?.reply || !one.idle) return;
    pending.delete(id);
    one.finish(one.reply);
  }
  async function listen(socket: zmq.Dealer | zmq.Subscriber, take: (message: Message) => void): Promise<void> {
    for await (const frames of socket) take(decode(frames, { key }));
  }
  listen(shell, (message) => {
    const id = message.parent.msg_id ?? "";
    const one = pending.get(id);
    if (one) one.reply = message;
    settleIfDone(id);
  }).catch(end);
  listen(iopub, (message) => {
    heard = true;
    const id = message.parent.msg_id ?? "";
    if (message.header.msg_type === "status") {
      const one = pending.get(id);
      if (one && message.content.execution_state === "idle") one.idle = true;
      settleIfDone(id);
    } else listeners.get(id)?.(message);
  }).catch(end);

  async function ask(type: string, content: Record<string, unknown>, onMessage?: (message: Message) => void) {
    if (ended) throw ended;
    const message = request(type, content, session);
    const id = message.header.msg_id;
    if (onMessage) listeners.set(id, onMessage);
    const answer = new Promise<Message>((finish, fail) => pending.set(id, { idle: false, finish, fail }));
    await shell.send(encode(message, { key }));
    return answer;
  }

  const client = {
    languageInfo: {} as Record<string, unknown>,
    /** The kernel's first messages may come before the subscription has reached it: asks until both channels answer. */
    async greet(): Promise<void> {
      const deadline = performance.now() + 1000 * startSeconds;
      let info: Message | undefined;
      while (!(info && heard)) {
        if (performance.now() > deadline)
          throw new KernelDied(`The kernel did not answer in ${startSeconds} s. ${ownWords}`);
        const reply = ask("kernel_info_request", {});
        reply.catch(() => {}); // an earlier request may fail after a later one was answered
        const answer = await Promise.race([reply, sleep(heard ? 5000 : 300)]);
        if (ended) throw ended;
        if (answer) info = answer;
      }
      client.languageInfo = (info.content.language_info as Record<string, unknown>) ?? {};
    },
    async execute(code: string, onMessage: (message: Message) => void): Promise<ExecuteReply> {
      const content = {
        code,
        silent: false,
        store_history: true,
        user_expressions: {},
        allow_stdin: false,
        stop_on_error: true,
      };
      const { content: reply } = await ask("execute_request", content, onMessage);
      const executionCount = typeof reply.execution_count === "number" ? reply.execution_count : null;
      return { status: reply.status as ExecuteReply["status"], executionCount };
    },
    async settle(): Promise<void> {
      await ask("kernel_info_request", {});
    },
    interrupt(): void {
      if (spec.interrupt_mode !== "message") child.kill("SIGINT");
      else control.send(encode(request("interrupt_request", {}, session), { key })).catch(() => {});
    },
    async close(): Promise<void> {
      const running = child.exitCode === null && child.signalCode === null && child.pid !== undefined;
      if (running) {
        const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
        ask("shutdown_request", { restart: false }).catch(() => {});
        const wait = new AbortController();
        const patience = sleep(3000, "late", { signal: wait.signal }).catch(() => {});
        if ((await Promise.race([gone, patience])) === "late") child.kill("SIGKILL");
        wait.abort();
        await gone;
      }
      shell.close();
      iopub.close();
      control.close();
    },
  };
  return client;
}
