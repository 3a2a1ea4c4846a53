import { closeSync, openSync, readSync } from "node:fs";
import { LimitError } from "../files/budget.js";

/*
 * A table of few bytes can ask for much memory: lines without text, columns without values, rows that a packed format
 * only counts. What a file holds is counted before any of it is kept.
 */

/** Most rows of a table, lines of a text file, or lists and objects of a JSON file. */
export const MOST_ROWS = 5_000_000;

/** Most cells of a table that are kept: rows times columns. */
export const MOST_CELLS = 20_000_000;

/** Most fields of one row. */
export const MOST_FIELDS = 1_000_000;

const PIECE = 2 ** 20;
const LINE_ENDS = new Set([10, 13]);
const SEPARATORS = new Set([..."\t,;|"].map((character) => character.charCodeAt(0)));
const OPENINGS = new Set([..."[{"].map((character) => character.charCodeAt(0)));

/** @throws LimitError if the rows, or the cells of those columns that are kept, are too many to be held */
export function checkCells(rows: number, columns: number): void {
  if (!(rows <= MOST_ROWS)) throw new LimitError(`it has ${rows} rows, above the limit of ${MOST_ROWS}; split it`);
  if (!(rows * columns <= MOST_CELLS)) {
    throw new LimitError(
      `its ${rows} rows of ${columns} columns are above the limit of ${MOST_CELLS} cells; split it, or take fewer columns`,
    );
  }
}

/**
 * Counts the lines of a text file, its separators in a line and, for JSON, its lists and objects, a piece at a time.
 *
 * @throws LimitError if they are too many for a table
 */
export function checkTextSize(path: string, isJson: boolean): void {
  const file = openSync(path, "r");
  try {
    const piece = Buffer.allocUnsafe(PIECE);
    let [lines, fields, openings] = [1, 1, 0];
    for (let length = readSync(file, piece); length > 0; length = readSync(file, piece)) {
      for (let at = 0; at < length; at++) {
        const byte = piece[at];
        if (isJson && OPENINGS.has(byte)) openings++;
        else if (!isJson && SEPARATORS.has(byte)) fields++;
        else if (LINE_ENDS.has(byte)) {
          lines++;
          fields = 1;
        }
        if (fields > MOST_FIELDS) {
          throw new LimitError(`its line ${lines} has more than ${MOST_FIELDS} fields; it is no table of texts`);
        }
      }
      // CRLF counts twice
      if (lines > 2 * MOST_ROWS) throw new LimitError(`it has more than ${MOST_ROWS} lines; split it`);
      if (openings > 2 * MOST_ROWS)
        throw new LimitError(`it has more than ${2 * MOST_ROWS} lists and objects; split it`);
    }
  } finally {
    closeSync(file);
  }
}
