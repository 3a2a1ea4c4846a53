import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { readJsonObject } from "../files/json.js";
import { rowsOf } from "./columns.js";
import { featureNames } from "./dataset-features.js";
import { readApart } from "./read-apart.js";
import type { Table, TableRow } from "./table-row.js";

/** Whether a folder is one that `save_to_disk` of Python's `datasets` library wrote. */
export function isDatasetFolder(folder: string): boolean {
  return ["dataset_dict.json", "state.json"].some((file) => existsSync(join(folder, file)));
}

/**
 * Reads a folder that `save_to_disk` of Python's `datasets` library wrote: one table, or one for each split.
 *
 * @throws Error naming the folder or file that is missing or damaged
 */
export async function readDatasetFolder(folder: string, needed?: readonly string[]): Promise<Table> {
  if (!existsSync(join(folder, "dataset_dict.json"))) return readOne(folder, needed);
  const { splits } = readJsonObject(join(folder, "dataset_dict.json"));
  if (!isNames(splits)) throw new Error(`${join(folder, "dataset_dict.json")} names no splits.`);
  const tables: { split: string; table: Table }[] = [];
  for (const split of splits) tables.push({ split, table: await readOne(join(folder, basename(split)), needed) });
  return {
    columns: [...new Set(tables.flatMap(({ table }) => table.columns))],
    rows: tables.flatMap(({ split, table }) => table.rows.map((row) => ({ ...row, split }))),
    notes: [],
    ...tables.map(({ table }) => table.labelNames && { labelNames: table.labelNames }).find(Boolean),
  };
}

async function readOne(folder: string, needed?: readonly string[]): Promise<Table> {
  const statePath = join(folder, "state.json");
  const { _data_files: files, _indices_files: indices } = readJsonObject(statePath);
  const names = Array.isArray(files) ? files.map((file) => (file as { filename?: unknown })?.filename) : undefined;
  if (!isNames(names)) throw new Error(`${statePath} names no data files (_data_files).`);
  if (Array.isArray(indices) && indices.length > 0) {
    throw new Error(
      `${folder} is a selection of rows that was not saved whole; call flatten_indices() and save it again.`,
    );
  }
  const tables: Table[] = [];
  for (const name of names) tables.push(await readArrow(join(folder, basename(name)), needed));
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
export async function readArrow(path: string, needed?: readonly string[]): Promise<Table> {
  try {
    const columns = await readApart({ format: "arrow", path, needed });
    return { columns: columns.names, rows: rowsOf(columns), notes: [] };
  } catch (error) {
    throw new Error(`Cannot read ${path} as Arrow: ${(error as Error).message}.`, { cause: error });
  }
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string" && name !== "");
}
