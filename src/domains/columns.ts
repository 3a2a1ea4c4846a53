import type { TableRow } from "./table-row.js";

/** What a library has read of a table, column by column. */
export interface Columns {
  /** Names of all columns, also of those that were not asked for. */
  names: string[];
  /** Columns that were read; each has as many values as the table has rows. */
  values: [name: string, values: readonly unknown[]][];
  rows: number;
}

/** Rows of a table, counted from 1. */
export function rowsOf({ values, rows }: Columns): TableRow[] {
  return Array.from({ length: rows }, (_, i) => ({
    line: i + 1,
    values: Object.fromEntries(values.map(([name, column]) => [name, column[i]])),
  }));
}
