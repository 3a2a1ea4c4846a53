import { createRequire } from "node:module";
import type { CompilerQuery } from "../compiler/protocol.js";
import { forwardModules } from "../packages.js";
import { writeWhole } from "../write-whole.js";
import { bundleOf, hidePromiseMarks } from "./bundle.js";
import { askCompiler, openCompiler } from "./compiler-process.js";
import { answer, openComms, openDoor, receiveComm, stopAsking } from "./door.js";
import { createEvaluator, type Evaluator } from "./evaluate.js";
import { failureOf, Interrupted } from "./failure.js";
import { allowForce, followPromises, setFlag, startWatch } from "./interruption.js";
import { catchLateErrors, closeLate, openLate, publishFailure } from "./late.js";
import { readCommands, report } from "./pipes.js";
import { traceInCells } from "./positions.js";
import { preload } from "./preload.js";
import {
  type Bundle,
  type Command,
  type CommCommand,
  type ExecuteCommand,
  type ExecuteResult,
  type Failure,
  markOf,
  type QueryCommand,
  sessionPipe,
} from "./protocol.js";
import { createInterruption, type Execution, within } from "./running.js";
import { captureStreams } from "./streams.js";

/*
 * The session: the process in which a reader's code is compiled and runs. See protocol.ts for the one that started it.
 */

const [, nonce] = process.argv.splice(1, 2, "notebook");

/** The execution that runs, and what ends it whatever becomes of its promises. */
let run: { execution: Execution; end(result: ExecuteResult, late: Failure[]): void } | undefined;

const endPatience = 1000; // milliseconds from an interrupt

/** Marks on descriptors 1 and 2 the end of what was written there meanwhile. */
function mark(number: number): { 1: boolean; 2: boolean } {
  const marks = { 1: true, 2: true };
  for (const descriptor of [1, 2] as const) {
    try {
      writeWhole(descriptor, markOf(nonce, number));
    } catch {
      marks[descriptor] = false; // closed by a cell
    }
  }
  return marks;
}

async function userExpression(evaluator: Evaluator, code: string): Promise<{ reply: object }> {
  const outcome = await evaluator.evaluate(code, "code");
  if ("failure" in outcome) return { reply: { status: "error", ...outcome.failure } };
  const value = outcome.value === undefined ? { "text/plain": "undefined" } : await bundleOf(outcome.value);
  return { reply: { status: "ok", data: value, metadata: {} } };
}

async function evaluateAll(evaluator: Evaluator, command: ExecuteCommand, label: string): Promise<ExecuteResult> {
  const { cell, code, silent, count } = command;
  const outcome = await evaluator.evaluate(code, label);
  if ("failure" in outcome) return { status: "error", failure: outcome.failure, userExpressions: {} };
  if (outcome.value !== undefined && !silent) {
    let data: Bundle;
    try {
      data = await bundleOf(outcome.value);
    } catch (error) {
      return failed(error);
    }
    const content = { execution_count: count ?? 0, data, metadata: {} };
    report({ type: "publish", cell, message: "execute_result", content });
  }
  const userExpressions: Record<string, object> = {};
  for (const [name, expression] of Object.entries(command.userExpressions)) {
    userExpressions[name] = (await userExpression(evaluator, expression)).reply;
  }
  return { status: "ok", userExpressions };
}

async function execute(evaluator: Evaluator, command: ExecuteCommand): Promise<void> {
  const { cell, number, silent, allowStdin, count } = command;
  const label = count === undefined ? "code" : `cell ${count}`;
  const interruption = createInterruption(() => new Interrupted());
  const execution: Execution = { cell, number, label, silent, allowStdin, interruption };
  const own = {
    execution,
    end(result: ExecuteResult, late: Failure[]) {
      if (run !== own) return;
      followPromises();
      run = undefined;
      setFlag("ended", number);
      const failures = result.failure ? [result.failure, ...late] : late;
      if (!silent) for (const failure of failures) publishFailure(cell, failure);
      const ending = failures.length > 0 ? { ...result, status: "error" as const, failure: failures[0] } : result;
      report({ type: "done", cell, result: ending, marks: mark(number) });
      preload();
    },
  };
  run = own;
  openLate(cell);
  let result: ExecuteResult;
  try {
    // From a call of its own: ended by force, it takes those that wait for it with it.
    const evaluated = new Promise<ExecuteResult>((resolve, reject) => {
      setImmediate(() => {
        within(execution, () => evaluateAll(evaluator, command, label)).then(resolve, reject);
      });
    });
    evaluated.catch(() => {});
    result = await Promise.race([evaluated, interruption.promise]);
  } catch (error) {
    result = failed(error);
  }
  own.end(result, await closeLate());
}

const failed = (error: unknown): ExecuteResult => ({
  status: "error",
  failure: failureOf(error),
  userExpressions: {},
});

function interrupt(evaluator: Evaluator, number: number): void {
  if (run?.execution.number !== number) return;
  const { execution, end } = run;
  setFlag("heard", number);
  followPromises();
  stopAsking(new Interrupted());
  execution.interruption.happen();
  evaluator.interrupt();
  // V8 forgets all promises that are due where one of their callbacks is ended by force.
  setTimeout(() => end(failed(new Interrupted()), []), endPatience).unref();
}

function query({ declarations }: Evaluator, { type, id, code, cursor }: QueryCommand): void {
  const asked: CompilerQuery = type === "isComplete" ? { type, code } : { type, declarations, code, cursor };
  askCompiler<object>(asked)
    .catch((error) => ({ status: "error", ...failureOf(error) }))
    .then((content) => report({ type: "reply", id, content }));
}

function takeComm(command: CommCommand): void {
  const { cell } = command;
  try {
    const interruption = createInterruption(() => new Interrupted());
    const execution = { cell, number: 0, label: "code", silent: false, allowStdin: false, interruption };
    within(execution, () => receiveComm(command));
  } catch (error) {
    publishFailure(cell, failureOf(error));
  }
  report({ type: "reply", id: command.id, content: {} });
}

function take(evaluator: Evaluator, command: Command): void {
  if (command.type === "execute") execute(evaluator, command).catch((error) => console.error(error));
  else if (command.type === "interrupt") interrupt(evaluator, command.number);
  else if (command.type === "input") answer(command.value);
  else if (command.type === "comm") takeComm(command);
  else if (command.type === "commInfo") {
    report({ type: "reply", id: command.id, content: { status: "ok", comms: openComms(command.target) } });
  } else if (command.type === "exit") process.exit(0);
  else query(evaluator, command);
}

/** What tslab's own functions for output, which cells import, write to. */
function connectTslab(): void {
  const require = createRequire(import.meta.url);
  const jupyter = require("tslab/dist/jupyter.js") as { lastWriteDisplayData: unknown };
  const door = (globalThis as unknown as Record<symbol, import("./door.js").Door>)[Symbol.for("signmix.kernel")];
  type Content = { data: Bundle; metadata?: object; transient?: { display_id?: string } };
  jupyter.lastWriteDisplayData = ({ data, metadata, transient }: Content, update: boolean) => {
    const id = transient?.display_id;
    if (update && id !== undefined) door.update(data, id, metadata);
    else door.display(data, { id, metadata });
  };
}

const compilerStart = 500; // milliseconds

openCompiler();
allowForce();
startWatch(sessionPipe.watch);
captureStreams();
traceInCells();
hidePromiseMarks();
forwardModules();
catchLateErrors();
openDoor();
const evaluator = createEvaluator();
connectTslab();
report({ type: "ready" });
readCommands(
  (command) => take(evaluator, command),
  () => process.kill(process.pid, "SIGKILL"),
);
// Not before the compiler has started, which needs the machine more; a cell that comes first does without, or is waited for.
setTimeout(() => {
  if (!run) preload();
}, compilerStart).unref();
