import type { Cell, Output } from "./notebook.js";

/** A cell did not run to its end, or left a promise to fail. */
export class CellFailure extends Error {
  constructor(
    /** notebook's file name */
    readonly notebook: string,
    /** number of the code cell, from 1, not counting an injected one */
    readonly cell: number,
    /** what went wrong, in its own words */
    readonly reason: string,
    /** line in the cell, from 1, where it is known */
    readonly line?: number,
    source?: string,
  ) {
    const place = line === undefined ? "" : `, line ${line}`;
    const text = line === undefined ? undefined : source?.split("\n")[line - 1]?.trim();
    super(`${notebook}, code cell ${cell}${place}: ${reason}${text ? `\n    ${text}` : ""}`);
  }
}

/** What a cell wrote on stderr. */
export function errorText(outputs: readonly Output[]): string {
  return outputs
    .map((output) => (output.output_type === "stream" && output.name === "stderr" ? output.text : ""))
    .join("");
}

/** tslab reports a promise that nobody awaited only as text, after the cell has "succeeded". */
export function hasUnhandledRejection(outputs: readonly Output[]): boolean {
  return /^(UnhandledPromiseRejection|UncaughtException):/m.test(errorText(outputs));
}

/** Where an error's text points: a line of the cell's source, or lines of its compiled text, the outermost call first. */
export interface FailurePlace {
  reason: string;
  sourceLine?: number;
  compiledLines: number[];
}

/** Reads tslab's text of an error: the compiler's `line:column - message`, or a message with a stack and causes. */
export function readFailure(text: string): FailurePlace {
  const compiler = /^(\d+):\d+ - (.*)$/m.exec(text);
  if (compiler) return { reason: compiler[2], sourceLine: Number(compiler[1]), compiledLines: [] };
  const [main, ...causes] = text.trimEnd().split(/\[cause\]: /);
  const lines = main.split("\n");
  const frame = lines.findIndex((line) => /^\s+at /.test(line));
  const end = frame < 0 ? lines.length : frame;
  const isHead = (line: string) => /^(\w+: )?(\w*Error|\w*Exception)\b/.test(line);
  const heads = lines.flatMap((line, at) => (at < end && isHead(line) ? [at] : []));
  const message = lines.slice(heads.at(-1) ?? Math.max(0, end - 1), end);
  const because = causes.map((cause) => ` (because: ${cause.split("\n")[0]})`);
  const frames = [...main.matchAll(/evalmachine\.<anonymous>:(\d+):\d+/g)].map((match) => Number(match[1]));
  const reason = message.join(" ").trim() || "it failed without a message";
  return { reason: reason + because.join(""), compiledLines: frames.reverse() };
}

/** What a reader calls a cell: the heading above it, or the comment on its first line. */
export function cellName(cells: readonly Cell[], index: number): string {
  const comment = /^\s*\/\/\s*(.+)/.exec(cells[index].source)?.[1];
  if (comment) return comment.slice(0, 60);
  for (let at = index - 1; at >= 0; at--) {
    const heading = cells[at].type === "markdown" ? /^#+\s+(.+)$/m.exec(cells[at].source)?.[1] : undefined;
    if (heading) return heading.slice(0, 60);
  }
  return cells[index].source.split("\n")[0].slice(0, 60);
}
