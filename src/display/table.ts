import { createRequire } from "node:module";
import { type ColumnTable, from } from "arquero";
import type { DataFrame } from "danfojs-node";
import { hasFields, requireList } from "../files/arguments.js";

/** One row of a table to show: what stands under each heading. */
export type Cells = Record<string, string | number>;

/** One record of a table: column name → value. */
export type Row = Record<string, unknown>;

/**
 * Rows as an arquero table, for derive, join, pivot and the rest of its verbs.
 * @throws if there is no row, since then there are no columns either
 */
export function table(rows: readonly object[]): ColumnTable {
  requireRows(rows, "table(rows)");
  if (rows.length === 0)
    throw new Error("table(rows): there is no row, so there are no columns; check what made them.");
  const columns = columnsOf(rows); // arquero alone takes those of the first row, and loses the others
  return from(rows.map((row) => Object.fromEntries(columns.map((name) => [name, (row as Row)[name]]))));
}

function requireRows(rows: unknown, whose: string): void {
  requireList(rows, `${whose} takes a list of rows such as { domain: "sst2" }`, (row) => hasFields(row, {}));
}

/** Names of the columns of any row, in the order in which they first occur. */
function columnsOf(rows: readonly object[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/**
 * Count, mean, standard deviation, minimum, median, maximum and variance of each numeric column, as a danfojs data frame
 * (one row a statistic). What is missing, null or NaN does not count; a column that holds anything else than numbers is left
 * out.
 * @throws if there is no row or no numeric column
 */
export function describe(rows: readonly object[]): DataFrame {
  requireRows(rows, "describe(rows)");
  if (rows.length === 0) throw new Error("describe(rows): there is no row to describe.");
  const numeric = columnsOf(rows).flatMap((name) => {
    const values = rows.map((row) => (row as Row)[name]).filter((value) => value !== null && value !== undefined);
    const numbers = values.filter((value): value is number => typeof value === "number" && !Number.isNaN(value));
    const fits = numbers.length > 0 && values.every((value) => typeof value === "number");
    return fits ? [{ name, numbers }] : [];
  });
  if (numeric.length === 0) throw new Error("describe(rows): no column holds numbers alone.");
  // Loaded at the first call: it takes more than a second, and most cells never need it.
  const danfo = createRequire(import.meta.url)("danfojs-node") as typeof import("danfojs-node");
  const described = numeric.map(({ numbers }) => new danfo.Series(numbers).describe());
  const statistics = described[0].index.map((_, i) => described.map(({ values }) => (values as number[])[i]));
  const columns = numeric.map(({ name }) => name);
  return new danfo.DataFrame(statistics, { columns, index: described[0].index.map(String) });
}

/** An arquero table, as far as printing needs it. */
export interface ColumnsAndObjects {
  columnNames(): string[];
  objects(): object[];
}

/** A danfojs data frame, as far as printing needs it. */
export interface ColumnsAndValues {
  columns: string[];
  index: (string | number)[];
  values: unknown;
}

/** Anything that can be shown as a table: an arquero table, a danfojs data frame, or plain rows. */
export type TableLike = ColumnsAndObjects | ColumnsAndValues | readonly object[];

/** Names and cells of a table, whatever library made it. */
export interface TableContent {
  columns: string[];
  /** [row][column] */
  cells: unknown[][];
}

/** Whether a value can be shown as a table. */
export function isTable(value: unknown): value is TableLike {
  if (Array.isArray(value)) return value.every((row) => typeof row === "object" && row !== null);
  if (typeof value !== "object" || value === null) return false;
  return "columnNames" in value ? "objects" in value : "columns" in value && "index" in value && "values" in value;
}

/** Reads names and cells; a data frame's index becomes its first column unless it only counts the rows. */
export function tableContent(source: TableLike): TableContent {
  if ("columnNames" in source) return fromObjects(source.columnNames(), source.objects());
  if (!("columns" in source)) {
    return fromObjects(columnsOf(source), source);
  }
  const cells = source.values as unknown[][];
  const counts = source.index.every((label, at) => label === at);
  if (counts) return { columns: source.columns, cells };
  return { columns: ["", ...source.columns], cells: cells.map((row, at) => [source.index[at], ...row]) };
}

function fromObjects(columns: string[], rows: readonly object[]): TableContent {
  return { columns, cells: rows.map((row) => columns.map((name) => (row as Row)[name])) };
}
