/** One row of a table, with the line of its file where it begins (for formats without lines, the row counted from 1). */
export interface TableRow {
  line: number;
  /** Values by column. Own properties only: look up with `cellOf`. */
  values: Record<string, unknown>;
  /** What is wrong with the row, if it could not be read as the table's other rows. */
  problem?: string;
  /** The split that the file itself puts the row into. */
  split?: string;
}

/** A table as it was read. */
export interface Table {
  /** Names of all columns, also of those that were not asked for. */
  columns: string[];
  rows: TableRow[];
  /** What was found out about the file that a reader would want to know, in plain sentences. */
  notes: string[];
  /** Names of the label numbers, where the file keeps them, by column. */
  labelNames?: Record<string, string[]>;
  /** The first line, where it was read as data because the caller named the columns, without saying that it is. */
  maybeHeader?: string[];
  /** What stands between fields, in CSV and its kin. */
  delimiter?: string;
}

/** The value of a column in a row; undefined where the row has none. A column may be called `constructor`. */
export function cellOf({ values }: TableRow, column: string): unknown {
  return Object.hasOwn(values, column) ? values[column] : undefined;
}
