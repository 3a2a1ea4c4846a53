/** A place in a cell, line and column from 1. */
export interface Place {
  label: string;
  line: number;
  column: number;
}

/** TypeScript's compiler sees a cell below this many lines, which tslab puts before it. */
export const linesBefore = 1;

/** The line of a source with a caret, or with as many as `length`, under the column. */
export function excerpt(source: string | undefined, { line, column }: Place, length = 1): string[] {
  const text = source?.split("\n")[line - 1];
  if (text === undefined) return [];
  const number = String(line);
  const marks = "^".repeat(Math.max(1, Math.min(length, text.length - column + 1)));
  const before = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  return [`    ${number} | ${text}`, `    ${" ".repeat(number.length)} | ${before}${marks}`];
}
