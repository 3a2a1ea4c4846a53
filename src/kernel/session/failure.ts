import { inspect } from "node:util";
import { excerpt } from "../excerpt.js";
import { placesIn, sourceOf } from "./positions.js";
import type { Failure } from "./protocol.js";

/** The reader stopped a cell. */
export class Interrupted extends Error {
  override name = "Interrupted";
  constructor() {
    super("the cell was interrupted; variables of earlier cells are as they were");
  }
}

const mostCauses = 10;
const mostPlaces = 20;

/** What a hostile getter may throw is no reason to lose the error. */
function attempt<T>(run: () => T, otherwise: T): T {
  try {
    return run();
  } catch {
    return otherwise;
  }
}

function isError(value: unknown): value is Error {
  return attempt(() => value instanceof Error || Object.prototype.toString.call(value) === "[object Error]", false);
}

function describe(value: unknown): { ename: string; evalue: string } {
  if (!isError(value)) {
    return { ename: "Thrown", evalue: attempt(() => inspect(value, { depth: 2 }), "a value that cannot be shown") };
  }
  const ename = attempt(() => String(value.name || value.constructor.name || "Error"), "Error");
  return { ename, evalue: attempt(() => String(value.message), "") };
}

const headline = ({ ename, evalue }: { ename: string; evalue: string }) => (evalue ? `${ename}: ${evalue}` : ename);

function stackLines(error: Error): string[] {
  const stack = attempt(() => String(error.stack ?? ""), "");
  if (process.env.SIGNMIX_DEBUG) return stack.split("\n").filter((line) => /^\s+at /.test(line));
  return placesIn(stack)
    .slice(0, mostPlaces)
    .flatMap(({ place, called }) => {
      const where = `  ${place.label}:${place.line}:${place.column}${called ? ` in ${called}` : ""}`;
      return [where, ...excerpt(sourceOf(place.label), place)];
    });
}

/** An error as Jupyter's front ends show it: in terms of the reader's cells, with the chain of its causes. */
export function failureOf(error: unknown): Failure {
  const { ename, evalue } = describe(error);
  const traceback: string[] = [];
  const told = new Set<unknown>();
  const tell = (value: unknown, introduced: string): void => {
    if (told.has(value) || told.size >= mostCauses) return;
    told.add(value);
    traceback.push(...`${introduced}${headline(describe(value))}`.split("\n"));
    if (!isError(value)) return;
    traceback.push(...stackLines(value));
    const parts = attempt(() => (value as AggregateError).errors, undefined);
    if (Array.isArray(parts)) for (const part of parts.slice(0, mostCauses)) tell(part, "one of them: ");
    const cause = attempt(() => value.cause, undefined);
    if (cause !== undefined) tell(cause, "caused by ");
  };
  tell(error, "");
  return { ename, evalue, traceback };
}
