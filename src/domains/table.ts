import { readFile } from "node:fs/promises";
import { parquetReadObjects } from "hyparquet";
import { parseDelimited } from "./delimited.js";

/** One row of a table, with the line of its file where it begins (for Parquet, the row counted from 1). */
export interface TableRow {
  line: number;
  values: Record<string, unknown>;
  /** What is wrong with the row, if it could not be read as the table's other rows. */
  problem?: string;
}

export const tableFormats = ["jsonl", "csv", "tsv", "parquet"] as const;
export type TableFormat = (typeof tableFormats)[number];

export interface TableOptions {
  /** Default: by the file's ending (.jsonl, .ndjson, .csv, .tsv, .parquet). */
  format?: TableFormat;
  /** CSV and TSV only: whether `"` quotes fields. Default true. */
  quoting?: boolean;
  /** CSV and TSV only: whether the first row names the columns. Default true; otherwise they are "0", "1", … */
  header?: boolean;
}

/**
 * Reads a table from JSON lines, CSV, TSV or Parquet. Rows that cannot be read are kept, with a `problem`.
 * @throws Error naming the file if it is missing, empty, or of unknown format.
 */
export async function readTable(path: string, options: TableOptions = {}): Promise<TableRow[]> {
  const format = options.format ?? formatOf(path);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${(error as Error).message}`);
  }
  const rows = await parseTable(bytes, path, format, options);
  if (rows.length === 0) throw new Error(`${path} holds no rows.`);
  return rows;
}

async function parseTable(bytes: Buffer, path: string, format: TableFormat, options: TableOptions) {
  switch (format) {
    case "jsonl":
      return parseJsonLines(bytes.toString("utf8"));
    case "csv":
      return parseDelimited(bytes.toString("utf8"), path, { ...options, delimiter: "," });
    case "tsv":
      return parseDelimited(bytes.toString("utf8"), path, { ...options, delimiter: "\t" });
    case "parquet":
      return parseParquet(bytes, path);
  }
}

function formatOf(path: string): TableFormat {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1].toLowerCase();
  if (ending === "ndjson") return "jsonl";
  const format = tableFormats.find((name) => name === ending);
  if (!format) throw new Error(`Cannot tell the format of ${path}; name it .jsonl, .csv, .tsv or .parquet.`);
  return format;
}

function parseJsonLines(text: string): TableRow[] {
  const rows: TableRow[] = [];
  text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .forEach((line, i) => {
      if (line.trim() !== "") rows.push({ line: i + 1, ...parseJsonLine(line) });
    });
  return rows;
}

function parseJsonLine(line: string): Pick<TableRow, "values" | "problem"> {
  try {
    const values: unknown = JSON.parse(line);
    if (typeof values === "object" && values !== null && !Array.isArray(values)) {
      return { values: values as Record<string, unknown> };
    }
    return { values: {}, problem: "is not a JSON object" };
  } catch (error) {
    return { values: {}, problem: `is not JSON (${(error as Error).message})` };
  }
}

async function parseParquet(bytes: Buffer, path: string): Promise<TableRow[]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const rows = await parquetReadObjects({ file });
    return rows.map((values, i) => ({ line: i + 1, values }));
  } catch (error) {
    throw new Error(`Cannot read ${path} as Parquet: ${(error as Error).message}`);
  }
}
