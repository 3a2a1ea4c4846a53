import { setTimeout as sleep } from "node:timers/promises";
import * as zmq from "zeromq";
import { addressOf, type Channel, type Connection, channels, recordPorts } from "./connection.js";
import { log } from "./log.js";
import { createHeader, decode, encode, type Header, type Message, signatureOf } from "./wire.js";

/** A message that came, and where it is answered. */
export interface Incoming extends Message {
  channel: Channel;
}

/** The kernel's end of the five sockets. */
export interface Sockets {
  /** Answers on the socket that a request came by; `type` is the reply's. */
  reply(to: Incoming, type: string, content: object, metadata?: object): void;
  /** Asks the front end that sent a request, over its stdin channel. */
  ask(by: Incoming, type: string, content: object): void;
  /** Tells every front end. */
  publish(parent: Partial<Header>, type: string, content: object, metadata?: object, buffers?: Buffer[]): void;
  /** Messages that wait to be sent to front ends. */
  waiting(): number;
  /** Sends what waits, and closes. */
  close(): Promise<void>;
}

/** A port may be taken for a moment: by the kernel before this one, or by a front end that looks for it there. */
const portPatience = { tries: 20, pause: 100 }; // pause in milliseconds

async function bind(socket: { bind(address: string): Promise<void> }, address: string): Promise<void> {
  for (let left = portPatience.tries; ; left--) {
    try {
      return await socket.bind(address);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || left === 0) throw error;
      await sleep(portPatience.pause);
    }
  }
}

/** Signatures that are remembered, so that no message counts twice. */
const remembered = 65536;

/**
 * Sends one after the other: a ZeroMQ socket in Node.js takes one send at a time and refuses the others, which loses a
 * cell's output past its 500th line.
 */
class Outbox {
  private queue: Buffer[][] = [];
  private sending: Promise<void> | undefined;

  constructor(private readonly socket: { send(frames: Buffer[]): Promise<void> }) {}

  get length(): number {
    return this.queue.length;
  }

  put(frames: Buffer[]): void {
    this.queue.push(frames);
    this.sending ??= this.run();
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.queue;
      this.queue = [];
      for (const frames of batch) {
        // A front end that left is no reason to end; XPUB and ROUTER drop what nobody takes.
        await this.socket.send(frames).catch((error: Error) => log(`a message could not be sent: ${error.message}`));
      }
    }
    this.sending = undefined;
  }

  async empty(): Promise<void> {
    while (this.sending) await this.sending;
  }
}

/**
 * Opens the sockets of a connection file and hands on each message that is what the protocol says; all others are dropped,
 * with a line in the log.
 * @param session names this run of the kernel
 */
export async function openSockets(
  connection: Connection,
  file: string,
  session: string,
  receive: (message: Incoming) => void,
): Promise<Sockets> {
  const { signing } = connection;
  // A front end that connects again with the identity it had takes the place of its old connection.
  const router = () => new zmq.Router({ handover: true, linger: 1000, sendHighWaterMark: 0 });
  const sockets = { shell: router(), control: router(), stdin: router() };
  const iopub = new zmq.XPublisher({ linger: 1000, sendHighWaterMark: 0 });
  iopub.verbosity = "allSubs";
  const hb = new zmq.Reply({ linger: 0 });
  const all = { ...sockets, iopub, hb };
  const outboxes = {
    shell: new Outbox(sockets.shell),
    control: new Outbox(sockets.control),
    stdin: new Outbox(sockets.stdin),
    iopub: new Outbox(iopub),
  };

  const ports = { ...connection.ports };
  for (const channel of channels) {
    const socket: zmq.Socket & { bind(address: string): Promise<void> } = all[channel];
    await bind(socket, addressOf(connection, channel));
    const chosen = /:(\d+)$/.exec(socket.lastEndpoint ?? "")?.[1];
    if (connection.transport === "tcp" && chosen) ports[channel] = Number(chosen);
  }
  if (channels.some((channel) => ports[channel] !== connection.ports[channel])) recordPorts(file, ports);

  const seen = new Set<string>();
  /** Whether a message with this signature came before: one that was listened to and is sent once more. */
  function isRepeated(frames: readonly Buffer[]): boolean {
    if (signing.key === "") return false;
    const signature = signatureOf(frames);
    if (seen.has(signature)) return true;
    seen.add(signature);
    if (seen.size > remembered) seen.delete(seen.values().next().value as string);
    return false;
  }

  async function listen(channel: "shell" | "control" | "stdin"): Promise<void> {
    for await (const frames of sockets[channel]) {
      try {
        const message = decode(frames, signing);
        if (isRepeated(frames)) throw new Error("it came before");
        receive({ ...message, channel });
      } catch (error) {
        log(`a message on ${channel} was dropped: ${(error as Error).message}`);
      }
    }
  }
  async function beat(): Promise<void> {
    for await (const frames of hb) await hb.send(frames);
  }
  /** Protocol 5.4: a subscriber is greeted, so that it knows from when on it hears everything. */
  async function welcome(): Promise<void> {
    for await (const [frame] of iopub) {
      if (frame[0] !== 1) continue;
      const topic = frame.subarray(1);
      const message = { header: createHeader("iopub_welcome", session), parent: {}, metadata: {} };
      const content = { subscription: topic.toString("utf8") };
      outboxes.iopub.put(encode({ ...message, content, identities: [topic] }, signing));
    }
  }
  const ended = (what: string) => (error: Error) => {
    if (!iopub.closed) log(`${what} ended: ${error.message}`);
  };
  for (const channel of ["shell", "control", "stdin"] as const) listen(channel).catch(ended(channel));
  beat().catch(ended("the heartbeat"));
  welcome().catch(ended("iopub"));

  function answer(channel: "shell" | "control" | "stdin", to: Incoming, type: string, content: object, metadata = {}) {
    const header = createHeader(type, session, to.header.username);
    const identities = to.identities ?? [];
    const message = { header, parent: to.header, metadata, content: content as Message["content"], identities };
    outboxes[channel].put(encode(message, signing));
  }

  return {
    reply(to, type, content, metadata) {
      answer(to.channel === "control" ? "control" : "shell", to, type, content, metadata);
    },
    ask(by, type, content) {
      answer("stdin", by, type, content);
    },
    publish(parent, type, content, metadata = {}, buffers = []) {
      const header = createHeader(type, session);
      const identities = [Buffer.from(`kernel.${session}.${type}`)];
      const message = { header, parent, metadata: metadata as Message["metadata"], buffers, identities };
      outboxes.iopub.put(encode({ ...message, content: content as Message["content"] }, signing));
    },
    waiting: () => outboxes.iopub.length,
    async close() {
      for (const outbox of Object.values(outboxes)) await outbox.empty();
      for (const socket of Object.values(all)) socket.close();
    },
  };
}
