import { randomUUID } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { readConnection } from "./connection.js";
import { historyFolder, openHistory } from "./history.js";
import { kernelInfo } from "./info.js";
import { log } from "./log.js";
import type { Command, ExecuteResult, Failure, Report } from "./session/protocol.js";
import type { SessionProcess } from "./session-process.js";
import { type Incoming, openSockets } from "./sockets.js";
import { keepStreams } from "./stream-keeper.js";
import type { Header } from "./wire.js";

/*
 * The kernel as Jupyter knows it: takes the front ends' requests one after the other, has the session do what they ask, and
 * tells every front end what comes of it. ("Messaging in Jupyter", version 5.4.)
 */

export interface Kernel {
  /** Stops the cell that runs, as the signal asks for. */
  interrupt(): void;
  /** Ends the session and the sockets. */
  close(): Promise<void>;
  /** Resolves when a front end has asked the kernel to end, or the session is gone: with the exit code. */
  readonly ended: Promise<number>;
}

const rememberedParents = 5000; // executions whose late output finds its cell
const mostWaiting = 1000; // messages to front ends, after which the session waits
const endPatience = 2000; // milliseconds

interface Executing {
  request: Incoming;
  number: number;
  output?: string;
  done(result: ExecuteResult, marks: { 1: boolean; 2: boolean }): void;
}

/** Serves the front ends of a connection file with a session that is starting. */
export async function serve(file: string, session: SessionProcess): Promise<Kernel> {
  const connection = readConnection(file);
  const history = openHistory(historyFolder());
  const run = randomUUID();
  const queue: Incoming[] = [];
  const parents = new Map<string, Partial<Header>>();
  const queries = new Map<string, (content: object) => void>();
  let numbers = 0;
  let count = 0;
  let executing: Executing | undefined;
  let latest = ""; // the cell that ran last: what native libraries write goes there
  let closing = false;
  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });

  const sockets = await openSockets(connection, file, run, receive);
  const parentOf = (cell: string) => parents.get(cell) ?? {};
  const streams = keepStreams((cell, name, text) => sockets.publish(parentOf(cell), "stream", { name, text }));

  function onNative(name: "stdout" | "stderr", text: string): void {
    if (latest !== "") streams.add(latest, name, text);
    else if (name === "stderr") process.stderr.write(text); // before the first cell
  }

  function onReport(report: Report): void {
    if (report.type === "stream") streams.add(report.cell, report.name, report.text);
    else if (report.type === "publish") publish(report);
    else if (report.type === "reply") {
      queries.get(report.id)?.(report.content);
      queries.delete(report.id);
    } else if (report.type === "ask" && executing && report.cell === String(executing.number)) {
      streams.flush();
      const { prompt, password } = report;
      sockets.ask(executing.request, "input_request", { prompt, password });
    } else if (report.type === "done" && report.cell === String(executing?.number)) {
      executing?.done(report.result, report.marks);
    }
    if (sockets.waiting() > mostWaiting) holdBack();
  }

  function publish({ cell, message, content, metadata, buffers }: Extract<Report, { type: "publish" }>): void {
    streams.flush();
    if (message === "execute_result" && cell === String(executing?.number)) {
      const text = (content as { data: Record<string, unknown> }).data["text/plain"];
      if (executing && typeof text === "string") executing.output = text;
    }
    const frames = buffers?.map((one) => Buffer.from(one, "base64"));
    sockets.publish(parentOf(cell), message, content, metadata, frames);
  }

  let heldBack = false;
  function holdBack(): void {
    if (heldBack) return;
    heldBack = true;
    session.pause();
    const timer = setInterval(() => {
      if (sockets.waiting() > mostWaiting / 4) return;
      clearInterval(timer);
      heldBack = false;
      session.resume();
    }, 2);
  }

  function remember(cell: string, header: Header): void {
    parents.set(cell, header);
    if (parents.size > rememberedParents) parents.delete(parents.keys().next().value as string);
  }

  const status = (request: Incoming, state: "busy" | "idle") =>
    sockets.publish(request.header, "status", { execution_state: state });

  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);

  /** Sends the session a command that it answers. */
  function query(command: (id: string) => Command): Promise<object> {
    const id = randomUUID();
    const answered = new Promise<object>((resolve) => queries.set(id, resolve));
    session.send(command(id));
    return answered;
  }

  /** Has the session run a cell; resolves when all that it put out is on its way. */
  async function runCell(request: Incoming, number: number, silent: boolean, stored: boolean): Promise<ExecuteResult> {
    const { code, user_expressions, allow_stdin } = request.content;
    const cell = String(number);
    const expressions = isRecord(user_expressions) ? user_expressions : {};
    const done = new Promise<{ result: ExecuteResult; marks: { 1: boolean; 2: boolean } }>((resolve) => {
      executing = { request, number, done: (result, marks) => resolve({ result, marks }) };
    });
    latest = cell;
    session.send({
      type: "execute",
      ...{ cell, number, silent, count: stored ? count : undefined, code: String(code) },
      userExpressions: Object.fromEntries(Object.entries(expressions).map(([name, text]) => [name, String(text)])),
      allowStdin: allow_stdin === true,
    });
    const { result, marks } = await done;
    await session.drained(number, marks);
    streams.finish(cell);
    streams.flush();
    return result;
  }

  async function execute(request: Incoming): Promise<void> {
    const { code, silent: asked, store_history, stop_on_error } = request.content;
    const silent = asked === true;
    const stored = !silent && store_history !== false;
    const number = ++numbers;
    remember(String(number), request.header);
    if (stored) count += 1;
    const running = runCell(request, number, silent, stored); // compiles while the front ends are told
    status(request, "busy");
    if (!silent) sockets.publish(request.header, "execute_input", { code, execution_count: count });
    const { status: ending, failure, userExpressions } = await running;
    if (stored) history.add(count, String(code), executing?.output);
    executing = undefined;
    const common = { execution_count: count, user_expressions: userExpressions, payload: [] };
    const aborted = ending === "error" && !silent && stop_on_error !== false ? await queuedExecutions() : [];
    sockets.reply(request, "execute_reply", { status: ending, ...common, ...failure }, { status: ending });
    status(request, "idle");
    for (const one of aborted) {
      status(one, "busy");
      sockets.reply(one, "execute_reply", { status: "aborted", execution_count: count }, { status: "aborted" });
      status(one, "idle");
    }
  }

  /** The executions that were asked for before the reply to a failed one; they are taken out of the queue. */
  async function queuedExecutions(): Promise<Incoming[]> {
    await turn(); // what has reached the socket meanwhile
    const queued = queue.filter(({ header }) => header.msg_type === "execute_request");
    for (const one of queued) queue.splice(queue.indexOf(one), 1);
    return queued;
  }

  function aboutCode(type: "complete" | "inspect" | "isComplete", { content }: Incoming): Promise<object> {
    const code = String(content.code);
    const cursor = typeof content.cursor_pos === "number" ? content.cursor_pos : [...code].length;
    return query((id) => ({ type, id, code, cursor }));
  }

  /** What answers a request; requests of other types are unknown. */
  const answers: Record<string, (request: Incoming) => Promise<object> | object> = {
    kernel_info_request: () => kernelInfo(),
    complete_request: (request) => aboutCode("complete", request),
    inspect_request: (request) => aboutCode("inspect", request),
    is_complete_request: (request) => aboutCode("isComplete", request),
    history_request: ({ content }) => ({ status: "ok", history: history.request(content) }),
    comm_info_request: ({ content: { target_name } }) => {
      const target = typeof target_name === "string" && target_name !== "" ? target_name : undefined;
      return query((id) => ({ type: "commInfo", id, target }));
    },
    connect_request: () =>
      Object.fromEntries(Object.entries(connection.ports).map(([name, at]) => [`${name}_port`, at])),
    interrupt_request: () => {
      interrupt();
      return { status: "ok" };
    },
  };
  const comms = new Set(["comm_open", "comm_msg", "comm_close"]);
  const withCode = new Set(["execute_request", "complete_request", "inspect_request", "is_complete_request"]);

  /** What is wrong with a request, in words, or undefined. */
  function fault({ header, content, channel }: Incoming): string | undefined {
    const type = header.msg_type;
    if (channel === "stdin") return type === "input_reply" ? undefined : `${type} is unknown`;
    const known = Object.hasOwn(answers, type) || type === "shutdown_request";
    const onShell = channel === "shell" && (type === "execute_request" || comms.has(type));
    if (!known && !onShell) return `${JSON.stringify(type)} is unknown`;
    if (withCode.has(type) && typeof content.code !== "string") return `its code is ${typeof content.code}, not a text`;
    if (comms.has(type) && typeof content.comm_id !== "string") return "its comm_id is missing";
    return undefined;
  }

  async function receiveComm(request: Incoming): Promise<void> {
    const cell = String(++numbers);
    remember(cell, request.header);
    const { content, metadata, header } = request;
    const message = header.msg_type as "comm_open" | "comm_msg" | "comm_close";
    const buffers = (request.buffers ?? []).map((one) => one.toString("base64"));
    await query((id) => ({ type: "comm", id, cell, message, content, metadata, buffers }));
    streams.flush();
  }

  async function handle(request: Incoming): Promise<void> {
    const type = request.header.msg_type;
    if (type === "execute_request") return execute(request); // tells itself when it is busy and idle
    status(request, "busy");
    if (type === "shutdown_request") {
      const content = { status: "ok", restart: request.content.restart === true };
      sockets.reply(request, "shutdown_reply", content);
      sockets.publish(request.header, "shutdown_reply", content);
      end(0);
    } else if (comms.has(type)) await receiveComm(request);
    else sockets.reply(request, type.replace(/_request$/, "_reply"), await answers[type](request));
    status(request, "idle");
  }

  function receive(request: Incoming): void {
    const wrong = fault(request);
    if (wrong) {
      log(`a message on ${request.channel} was dropped: ${wrong}`);
    } else if (request.channel === "stdin") {
      if (executing) session.send({ type: "input", value: String(request.content.value ?? "") });
    } else if (request.channel === "control" || request.header.msg_type === "shutdown_request") {
      handle(request).catch(failed);
    } else {
      queue.push(request);
      pump();
    }
  }

  let pumping = false;
  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    for (let next = queue.shift(); next; next = queue.shift()) await handle(next).catch(failed);
    pumping = false;
  }

  const failed = (error: Error) => log(`a request failed: ${error.stack ?? error.message}`);

  function interrupt(): void {
    if (executing) session.interrupt(executing.number);
  }

  session.exited.then((how) => {
    if (closing) return;
    const hint = how.endsWith("SIGKILL") ? " (the system kills a process that takes too much memory)" : "";
    const evalue = `the process that ran the cells ended ${how}${hint}; their variables are lost`;
    log(evalue);
    const failure: Failure = { ename: "SessionEnded", evalue, traceback: [`SessionEnded: ${evalue}`] };
    streams.flush();
    if (executing) {
      sockets.publish(executing.request.header, "error", failure);
      executing.done({ status: "error", failure, userExpressions: {} }, { 1: false, 2: false });
    }
    setTimeout(() => end(1), 100); // the reply goes out before
  });
  session.listen({ onReport, onNative });
  sockets.publish({}, "status", { execution_state: "starting" });

  return {
    interrupt,
    ended,
    async close() {
      closing = true;
      await session.end(endPatience);
      streams.flush();
      await sockets.close();
    },
  };
}
