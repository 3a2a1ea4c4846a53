import { failureOf, Interrupted } from "./failure.js";
import { isEndByForce } from "./interruption.js";
import { report } from "./pipes.js";
import type { Failure } from "./protocol.js";
import { currentExecution } from "./running.js";

/*
 * Errors that reach nobody: of promises without a handler and of callbacks. They are told under the cell that began what
 * failed, and end nothing.
 */

/** Those of the cell that runs, until it ends: a promise may still find a handler. */
let open: { cell: string; failures: Map<unknown, Failure> } | undefined;

export function publishFailure(cell: string, failure: Failure): void {
  report({ type: "publish", cell, message: "error", content: failure });
}

/** From now on, errors of this cell are kept until {@link closeLate}. */
export function openLate(cell: string): void {
  open = { cell, failures: new Map() };
}

/** The errors of the running cell that still have no handler. */
export async function closeLate(): Promise<Failure[]> {
  await new Promise((resolve) => setImmediate(resolve)); // what failed in this turn is known in the next
  const failures = [...(open?.failures.values() ?? [])];
  open = undefined;
  return failures;
}

function take(error: unknown, key: unknown): void {
  const execution = currentExecution();
  if (!execution || isEndByForce(error)) return;
  if (error instanceof Interrupted && execution.interruption.happened) return; // its cell tells of it
  const failure = failureOf(error);
  if (open?.cell === execution.cell) open.failures.set(key, failure);
  else if (!execution.silent) publishFailure(execution.cell, failure);
}

export function catchLateErrors(): void {
  process.on("unhandledRejection", (reason, promise) => take(reason, promise));
  process.on("rejectionHandled", (promise) => void open?.failures.delete(promise));
  process.on("uncaughtException", (error) => take(error, {}));
}
