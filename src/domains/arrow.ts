import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type Table as ArrowTable, tableFromIPC } from "@uwdata/flechette";
import { Budget } from "../files/budget.js";
import { readJsonObject } from "../files/json.js";
import { checkLists } from "./arrow-size.js";
import { featureNames } from "./dataset-features.js";
import type { Table, TableRow } from "./table-row.js";
import { checkCells } from "./table-size.js";

/** Whether a folder is one that `save_to_disk` of Python's `datasets` library wrote. */
export function isDatasetFolder(folder: string): boolean {
  return ["dataset_dict.json", "state.json"].some((file) => existsSync(join(folder, file)));
}

/**
 * Reads a folder that `save_to_disk` of Python's `datasets` library wrote: one table, or one for each split.
 *
 * @throws Error naming the folder or file that is missing or damaged
 */
export function readDatasetFolder(folder: string, needed?: readonly string[]): Table {
  if (!existsSync(join(folder, "dataset_dict.json"))) return readOne(folder, needed);
  const { splits } = readJsonObject(join(folder, "dataset_dict.json"));
  if (!isNames(splits)) throw new Error(`${join(folder, "dataset_dict.json")} names no splits.`);
  const tables = splits.map((split) => ({ split, table: readOne(join(folder, basename(split)), needed) }));
  return {
    columns: [...new Set(tables.flatMap(({ table }) => table.columns))],
    rows: tables.flatMap(({ split, table }) => table.rows.map((row) => ({ ...row, split }))),
    notes: [],
    ...tables.map(({ table }) => table.labelNames && { labelNames: table.labelNames }).find(Boolean),
  };
}

function readOne(folder: string, needed?: readonly string[]): Table {
  const statePath = join(folder, "state.json");
  const { _data_files: files, _indices_files: indices } = readJsonObject(statePath);
  const names = Array.isArray(files) ? files.map((file) => (file as { filename?: unknown })?.filename) : undefined;
  if (!isNames(names)) throw new Error(`${statePath} names no data files (_data_files).`);
  if (Array.isArray(indices) && indices.length > 0) {
    throw new Error(
      `${folder} is a selection of rows that was not saved whole; call flatten_indices() and save it again.`,
    );
  }
  const tables = names.map((name) => readArrow(join(folder, basename(name)), needed));
  const info = existsSync(join(folder, "dataset_info.json")) ? readJsonObject(join(folder, "dataset_info.json")) : {};
  const labelNames = featureNames(info.features);
  let line = 0;
  const rows = tables.flatMap((table) => table.rows.map((row): TableRow => ({ ...row, line: ++line })));
  return { columns: tables[0]?.columns ?? [], rows, notes: [], ...(labelNames && { labelNames }) };
}

/**
 * Reads an Arrow file, in the stream or the file (Feather 2) format, uncompressed.
 *
 * @throws Error naming the file and what is wrong with it
 */
export function readArrow(path: string, needed?: readonly string[]): Table {
  let table: ArrowTable;
  try {
    new Budget("table").takeBytes(statSync(path).size, "the file (save it in more shards)");
    table = tableFromIPC(readFileSync(path), { useBigInt: true, useDate: true });
    const columns = table.names as string[];
    const wanted = columns.filter((name) => needed === undefined || needed.includes(name));
    checkCells(table.numRows, wanted.length);
    const values = wanted.map((name) => table.getChild(name));
    checkLists(values.map(({ data }) => data));
    const rows = Array.from({ length: table.numRows }, (_, i): TableRow => {
      const row = wanted.map((name, j) => [name, values[j].at(i)] as const);
      return { line: i + 1, values: Object.fromEntries(row) };
    });
    return { columns, rows, notes: [] };
  } catch (error) {
    throw new Error(`Cannot read ${path} as Arrow: ${reasonOf(error as Error)}.`, { cause: error });
  }
}

function reasonOf(error: Error): string {
  if ((error as NodeJS.ErrnoException).code) return error.message;
  if (error instanceof RangeError || error instanceof TypeError || /\bundefined\b/.test(error.message))
    return "it was cut off, is damaged, or is no Arrow file";
  return error.message.replace(/\.$/, "");
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string" && name !== "");
}
