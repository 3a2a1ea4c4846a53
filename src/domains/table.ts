import { closeSync, openSync, readSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Budget } from "../files/budget.js";
import type { OptionNames } from "../files/options.js";
import { mistakenFor } from "../files/recognise.js";
import { isDatasetFolder, readArrow, readDatasetFolder } from "./arrow.js";
import { readRecords } from "./delimited.js";
import { delimiterName, findDelimiter, separatorLine } from "./dialect.js";
import { readExcel } from "./excel.js";
import { type HeaderOptions, withColumns } from "./header.js";
import { parseJson, parseJsonLines } from "./json-table.js";
import { readParquet } from "./parquet.js";
import type { Table } from "./table-row.js";
import { checkTextSize } from "./table-size.js";
import { decodeText } from "./text-encoding.js";

export const tableFormats = ["jsonl", "json", "csv", "tsv", "parquet", "xlsx", "arrow"] as const;
/** The formats of tables that are read. */
export type TableFormat = (typeof tableFormats)[number];

/** How a table is read. */
export interface TableOptions extends HeaderOptions {
  /** Default: by the file's content and ending. A folder is one that Python's `datasets` library saved. */
  format?: TableFormat;
  /** CSV and its kin: the one character between fields. Found out by default. */
  delimiter?: string;
  /** CSV and its kin: whether `"` quotes fields. Default true. */
  quoting?: boolean;
  /** Text formats: the encoding, such as `utf-8`, `utf-16le` or `windows-1252`. Found out by default. */
  encoding?: string;
  /** Excel: name of the sheet, or its place from 1. Default: the first that is shown. */
  sheet?: string | number;
}

export const tableOptionNames: OptionNames<TableOptions> = {
  ...({ format: true, delimiter: true, quoting: true, encoding: true } as const),
  ...({ header: true, columns: true, sheet: true } as const),
};

/**
 * Reads a table: JSON lines, JSON, CSV and its kin, Excel, Parquet, Arrow, or a folder that `save_to_disk` of Python's `datasets`
 * library wrote. Rows that cannot be read are kept, with a `problem`.
 *
 * @param needed columns whose values are kept; all by default
 * @throws Error naming the file if it is missing, empty, too large, of unknown format, or not what it says
 */
export async function readTable(path: string, options: TableOptions = {}, needed?: readonly string[]): Promise<Table> {
  const table = await read(path, options, needed);
  if (table.rows.length === 0) throw new Error(`${path} holds no rows.`);
  return table;
}

async function read(path: string, options: TableOptions, needed?: readonly string[]): Promise<Table> {
  const { size, start } = look(path);
  if (start === undefined) {
    if (isDatasetFolder(path)) return readDatasetFolder(path, needed);
    throw new Error(`${path} is a folder, but none that \`save_to_disk\` of the datasets library wrote; name a file.`);
  }
  const format = options.format ?? formatOf(path, start);
  if (format === "parquet") return readParquet(path, needed);
  if (format === "arrow") return readArrow(path, needed);
  if (format === "xlsx") return readSheet(path, options, needed);
  try {
    new Budget("table").takeBytes(size, "the file");
    const mistaken = size > 0 ? mistakenFor(start, size) : undefined;
    if (mistaken) throw new Error(mistaken);
    checkTextSize(path, format === "json" || format === "jsonl");
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${(error as Error).message}.`, { cause: error });
  }
  const { text, note } = decodeText(await readFile(path), path, options.encoding);
  const table = parseText(text, path, format, options, needed);
  return note === undefined ? table : { ...table, notes: [note, ...table.notes] };
}

function parseText(
  text: string,
  path: string,
  format: TableFormat,
  options: TableOptions,
  needed?: readonly string[],
): Table {
  if (format === "jsonl") return parseJsonLines(text, needed);
  if (format === "json") return parseJson(text, path, needed);
  const { quoting, columns } = options;
  const expected = format === "tsv" ? "\t" : ",";
  const stated = separatorLine(text);
  const rest = stated?.rest ?? text;
  const hints = { file: path, quoting, expected, needed: needed ?? [], columns: columns?.length };
  const delimiter = options.delimiter ?? stated?.delimiter ?? findDelimiter(rest, hints);
  const records = readRecords(rest, path, { delimiter, quoting, firstLine: stated ? 2 : 1 });
  const table = withColumns({ file: path, records, needed }, options);
  const found = options.delimiter === undefined && delimiter !== expected;
  const note = `${path}: the fields are separated by ${delimiterName(delimiter)}.`;
  return { ...table, delimiter, notes: [...(found ? [note] : []), ...table.notes] };
}

function readSheet(path: string, options: TableOptions, needed?: readonly string[]): Table {
  const { records, sheet, others } = readExcel(path, options.sheet);
  const table = withColumns({ file: path, records, needed, mayBeShort: true }, options);
  if (others.length === 0 || options.sheet !== undefined) return table;
  const note = `${path}: the sheet "${sheet}" is read; others are ${others.join(", ")} (sheet: "…").`;
  return { ...table, notes: [note, ...table.notes] };
}

/** Size and first bytes of a file; no bytes for a folder. */
function look(path: string): { size: number; start?: Buffer } {
  try {
    const { size } = statSync(path);
    if (statSync(path).isDirectory()) return { size };
    const file = openSync(path, "r");
    try {
      const start = Buffer.alloc(Math.min(size, 512));
      return { size, start: start.subarray(0, readSync(file, start, 0, start.length, 0)) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`Cannot read ${path}: ${code === "ENOENT" ? "there is no such file" : message}.`, { cause: error });
  }
}

/** The format: by the content where that is plain, whatever the name says, else by the ending. */
function formatOf(path: string, start: Buffer): TableFormat {
  const content = start.toString("latin1");
  if (content.startsWith("PAR1")) return "parquet";
  if (content.startsWith("ARROW1")) return "arrow";
  if (content.startsWith("PK\x03\x04")) return "xlsx";
  if (content.startsWith("\xd0\xcf\x11\xe0")) {
    throw new Error(
      `${path} is an old Excel file (.xls), or one with a password; save it as .xlsx without one, or as CSV.`,
    );
  }
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1].toLowerCase();
  if (ending === "ndjson") return "jsonl";
  if (ending === "feather") return "arrow";
  if (ending === "txt" || ending === "tab") return "tsv";
  const format = tableFormats.find((name) => name === ending);
  if (!format) {
    throw new Error(
      `Cannot tell the format of ${path}; name it .${tableFormats.join(", .")}, or pass format: "${tableFormats.join('", "')}".`,
    );
  }
  return format;
}
