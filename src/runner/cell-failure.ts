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

/** The error that a cell ended with, or left to come, among its outputs. */
export function errorOutput(outputs: readonly Output[]): Extract<Output, { output_type: "error" }> | undefined {
  for (const output of outputs) if (output.output_type === "error") return output;
  return undefined;
}

/** What an error's traceback says of it, in one line, and the line of the cell that it names. */
export function readFailure(
  { ename, evalue, traceback }: { ename: string; evalue: string; traceback: readonly string[] },
  executionCount: number | null,
): { reason: string; line?: number } {
  const causes = traceback.flatMap((line) => /^caused by (.*)/.exec(line)?.[1] ?? []);
  const because = causes.map((cause) => ` (because: ${cause})`).join("");
  const reason = `${ename}: ${evalue}`.trim().replace(/:$/, "").replaceAll("\n", " ") + because;
  const places = traceback.flatMap((line) => /^\s+cell (\d+):(\d+):\d+/.exec(line)?.slice(1).map(Number) ?? []);
  const pairs = places.flatMap((_, at) => (at % 2 === 0 ? [[places[at], places[at + 1]]] : []));
  const line = pairs.find(([cell]) => cell === executionCount)?.[1];
  return line === undefined ? { reason } : { reason, line };
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
