import { inspect } from "node:util";
import type * as TypeScript from "typescript";
import { linesBefore, ts } from "./compiler.js";
import { type Place, placesIn, sourceOf } from "./positions.js";
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

/** A line of a cell with a caret, or with as many as `length`, under the column. */
export function excerpt({ label, line, column }: Place, length = 1): string[] {
  const text = sourceOf(label)?.split("\n")[line - 1];
  if (text === undefined) return [];
  const number = String(line);
  const marks = "^".repeat(Math.max(1, Math.min(length, text.length - column + 1)));
  const before = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  return [`    ${number} | ${text}`, `    ${" ".repeat(number.length)} | ${before}${marks}`];
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
      return [where, ...excerpt(place)];
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

/** TypeScript's messages of a chain, the general one first. */
function chain(message: string | TypeScript.DiagnosticMessageChain, depth = 0): string[] {
  if (typeof message === "string") return [message];
  const next = (message.next ?? []).flatMap((one) => chain(one, depth + 1));
  return [`${"  ".repeat(depth)}${message.messageText}`, ...next];
}

function placeOfDiagnostic(file: TypeScript.SourceFile, start: number, label: string, cellFile: boolean): Place {
  const { line, character } = ts.getLineAndCharacterOfPosition(file, start);
  return { label, line: line + 1 - (cellFile ? linesBefore : 0), column: character + 1 };
}

/** The first lines of a diagnostic and the line it is about. */
function diagnosticLines(diagnostic: TypeScript.DiagnosticRelatedInformation, label: string, cwd: string): string[] {
  const { file, start = 0, length = 1, messageText, code } = diagnostic;
  const [first, ...rest] = chain(messageText);
  const isCell = file?.fileName.endsWith("/__tslab__.ts") === true;
  const category =
    "category" in diagnostic && diagnostic.category === ts.DiagnosticCategory.Message ? "" : `TS${code}: `;
  if (!file) return [`${category}${first}`, ...rest];
  if (file.fileName.endsWith("/__prev__.d.ts")) return [`  ${first} (in an earlier cell)`, ...rest];
  const name = isCell ? label : file.fileName.startsWith(cwd) ? file.fileName.slice(cwd.length + 1) : file.fileName;
  const place = placeOfDiagnostic(file, start, name, isCell);
  const lines = [`  ${place.label}:${place.line}:${place.column} - ${category}${first}`];
  return [...lines, ...rest.map((line) => `    ${line}`), ...(isCell ? excerpt(place, length) : [])];
}

/** What the compiler found wrong with a cell, all of it, with TypeScript's codes and hints. */
export function compileFailure(diagnostics: readonly TypeScript.Diagnostic[], label: string): Failure {
  const cwd = process.cwd().replaceAll("\\", "/");
  const [first] = diagnostics;
  // TypeScript's codes below 2000 are those of its parser.
  const ename = first.code < 2000 ? "SyntaxError" : "TypeCheckError";
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
  const evalue = `TS${first.code}: ${chain(first.messageText)[0]}${more}`;
  const traceback = [`${ename}: ${evalue}`];
  for (const diagnostic of diagnostics) {
    traceback.push(...diagnosticLines(diagnostic, label, cwd));
    for (const related of diagnostic.relatedInformation ?? []) {
      if (related.file?.fileName.endsWith("/__tslab__.ts")) traceback.push(...diagnosticLines(related, label, cwd));
    }
  }
  return { ename, evalue, traceback };
}
