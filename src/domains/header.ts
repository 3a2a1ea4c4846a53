import { listed } from "../files/listed.js";
import { isOrangeHeader } from "./orange-header.js";
import type { Table, TableRow } from "./table-row.js";

/** One line of a table before its columns have names. */
export interface GridRecord {
  fields: readonly unknown[];
  line: number;
}

/** How columns get their names. */
export interface HeaderOptions {
  /**
   * Whether the first row names the columns. By default it does, unless `columns` names them otherwise. With `false` and no
   * `columns` they are "0", "1", …
   */
  header?: boolean;
  /** Names of the columns from left to right, for a table without a header, or in place of its header. */
  columns?: readonly string[];
}

/** What a reader of lines hands over. */
export interface Grid {
  file: string;
  records: Iterable<GridRecord>;
  /** Columns that are asked for; only their values are kept. Without it, all are. */
  needed?: readonly string[];
  /** Whether a row of fewer fields than the table has columns is whole (a spreadsheet's empty cells). */
  mayBeShort?: boolean;
}

/**
 * Names the columns of a table, and makes its rows.
 *
 * @throws Error naming the file if two columns share a name, or if `columns` are too few or too many
 */
export function withColumns(grid: Grid, options: HeaderOptions): Table {
  const { file, needed } = grid;
  const records = grid.records[Symbol.iterator]();
  const first = records.next();
  if (first.done) return { columns: [], rows: [], notes: [] };
  const notes: string[] = [];
  const texts = first.value.fields.map((field) => (field == null ? "" : String(field).trim()));
  const same = () => options.columns?.every((name, i) => name.toLowerCase() === texts[i]?.toLowerCase());
  const header = options.header ?? (options.columns === undefined || same() === true);
  const columns = options.columns ? [...options.columns] : header ? unnamed(texts) : texts.map((_, i) => String(i));
  if (options.columns && options.columns.length !== texts.length) {
    throw new Error(
      `${file} has ${texts.length} columns, and ${options.columns.length} names were given for them (${listed(columns)}).`,
    );
  }
  refuseRepeated(file, columns);
  const kept = columns.flatMap((name, i) =>
    needed === undefined || needed.includes(name) ? [[name, i] as const] : [],
  );
  const rows: TableRow[] = [];
  const add = ({ fields, line }: GridRecord) => {
    const row: TableRow = { line, values: Object.fromEntries(kept.map(([name, i]) => [name, fields[i]])) };
    const fits = fields.length === columns.length || (grid.mayBeShort && fields.length < columns.length);
    if (!fits) row.problem = `has ${fields.length} fields where the table has ${columns.length} columns`;
    rows.push(row);
  };
  if (!header) {
    if (options.header === undefined) notes.push(`${file}: line ${first.value.line} is read as data, not as a header.`);
    add(first.value);
  }
  const [second, third] = [records.next(), records.next()];
  const early = [second, third].flatMap(({ done, value }) => (done ? [] : [value]));
  if (header && isOrangeHeader(early[0], early[1], columns.length)) {
    notes.push(
      `${file}: lines ${early[0].line} and ${early[1].line} are Orange's types and flags of the columns, and no data.`,
    );
  } else for (const record of early) add(record);
  for (let next = records.next(); !next.done; next = records.next()) add(next.value);
  return { columns, rows, notes, ...(!header && options.header === undefined && { maybeHeader: texts }) };
}

/** A header's names; a column without one is called by its place. */
function unnamed(texts: readonly string[]): string[] {
  const empty = texts.filter((text) => text === "").length;
  return texts.map((text, i) => (text === "" && empty > 1 ? `column ${i + 1}` : text));
}

function refuseRepeated(file: string, columns: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of columns) {
    if (seen.has(name)) throw new Error(`${file}, line 1: two columns are named "${name}"; rename one.`);
    seen.add(name);
  }
}
