import { randomUUID } from "node:crypto";
import { addRenderer, bundleOf, encoded, type Renderer } from "./bundle.js";
import { report } from "./pipes.js";
import type { Bundle, CommCommand } from "./protocol.js";
import { currentExecution, type Execution } from "./running.js";

/** The name under which code in a notebook finds the kernel: `globalThis[Symbol.for("signmix.kernel")]`. */
export const doorName = Symbol.for("signmix.kernel");

/** A channel between code in a notebook and its front end: Jupyter's "comm". */
export interface Comm {
  readonly id: string;
  readonly target: string;
  send(data: object, metadata?: object): void;
  close(data?: object): void;
  onMessage: ((data: Record<string, unknown>, buffers: Buffer[]) => void) | undefined;
  onClose: ((data: Record<string, unknown>) => void) | undefined;
}

/** What the kernel does for the code that runs in it. */
export interface Door {
  /** Shows a bundle of MIME types, as output of the running cell; with an id it can be replaced. */
  display(bundle: Bundle, options?: { id?: string; metadata?: object }): void;
  /** Replaces every output with this id. */
  update(bundle: Bundle, id: string, metadata?: object): void;
  /** The bundle in which the kernel would show a value as a cell's last line. */
  bundleOf(value: unknown): Promise<Bundle>;
  /** How values of a library are shown that say nothing themselves. */
  addRenderer(renderer: Renderer): void;
  /** Removes the cell's output; with `wait`, when the next output comes. */
  clear(wait?: boolean): void;
  /** Asks the reader for a line of text. */
  ask(prompt: string, options?: { password?: boolean }): Promise<string>;
  /** Opens a comm to the front end. */
  openComm(target: string, data?: object): Comm;
  /** What is done when a front end opens a comm of this target. */
  onComm(target: string, opened: (comm: Comm, data: Record<string, unknown>) => void): void;
}

function publish(message: string, content: object, metadata: object = {}, execution = currentExecution()): void {
  if (execution && !execution.silent) report({ type: "publish", cell: execution.cell, message, content, metadata });
}

function encodedBundle(bundle: Bundle): Bundle {
  return Object.fromEntries(Object.entries(bundle).map(([type, content]) => [type, encoded(content)]));
}

let asking: { resolve(text: string): void; reject(error: Error): void; execution: Execution } | undefined;

/** Takes the reader's answer. */
export function answer(text: string): void {
  asking?.resolve(text);
  asking = undefined;
}

/** Gives up the question of an execution that ends. */
export function stopAsking(error: Error): void {
  asking?.reject(error);
  asking = undefined;
}

const comms = new Map<string, Comm>();
const targets = new Map<string, (comm: Comm, data: Record<string, unknown>) => void>();

function createComm(id: string, target: string): Comm {
  const comm: Comm = {
    id,
    target,
    onMessage: undefined,
    onClose: undefined,
    send: (data, metadata) => publish("comm_msg", { comm_id: id, data }, metadata),
    close(data = {}) {
      if (comms.delete(id)) publish("comm_close", { comm_id: id, data });
    },
  };
  comms.set(id, comm);
  return comm;
}

/** Comms that are open, by id; of one target, if one is given. */
export function openComms(target?: string): Record<string, { target_name: string }> {
  const open = [...comms.values()].filter((comm) => target === undefined || comm.target === target);
  return Object.fromEntries(open.map((comm) => [comm.id, { target_name: comm.target }]));
}

const record = (value: unknown) =>
  (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;

/** What a front end sends about a comm. One that nobody here knows is closed, as the protocol says. */
export function receiveComm({ message, content, buffers }: CommCommand): void {
  const id = String(content.comm_id);
  const data = record(content.data);
  if (message === "comm_open") {
    const target = String(content.target_name);
    const opened = targets.get(target);
    if (!opened) {
      publish("comm_close", { comm_id: id, data: {} });
      return;
    }
    const comm = createComm(id, target);
    try {
      opened(comm, data);
    } catch (error) {
      comm.close();
      throw error;
    }
    return;
  }
  const comm = comms.get(id);
  if (message === "comm_msg") {
    comm?.onMessage?.(
      data,
      buffers.map((one) => Buffer.from(one, "base64")),
    );
  } else if (comm) {
    comms.delete(id);
    comm.onClose?.(data);
  }
}

/** Opens the door. */
export function openDoor(): void {
  const door: Door = {
    display(bundle, { id, metadata = {} } = {}) {
      const transient = id === undefined ? {} : { display_id: id };
      publish("display_data", { data: encodedBundle(bundle), metadata, transient });
    },
    update(bundle, id, metadata = {}) {
      publish("update_display_data", { data: encodedBundle(bundle), metadata, transient: { display_id: id } });
    },
    bundleOf,
    addRenderer,
    clear: (wait = false) => publish("clear_output", { wait }),
    ask(prompt, { password = false } = {}) {
      const execution = currentExecution();
      if (!execution?.allowStdin) {
        const error = new Error(
          "ask(…): this front end takes no input (a headless run does not either): give the value in the cell.",
        );
        return Promise.reject(error);
      }
      if (asking) return Promise.reject(new Error("ask(…): one question at a time; await the first."));
      return new Promise((resolve, reject) => {
        asking = { resolve, reject, execution };
        report({ type: "ask", cell: execution.cell, prompt: String(prompt), password });
      });
    },
    openComm(target, data = {}) {
      const comm = createComm(randomUUID(), target);
      publish("comm_open", { comm_id: comm.id, target_name: target, data });
      return comm;
    },
    onComm: (target, opened) => void targets.set(target, opened),
  };
  Object.defineProperty(globalThis, doorName, { value: door });
}
