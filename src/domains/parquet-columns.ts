import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { Budget } from "../files/budget.js";
import type { Columns } from "./columns.js";
import { checkFooter, checkPages } from "./parquet-pages.js";
import { checkCells } from "./table-size.js";

/** A Parquet file whose sizes were looked at. */
export interface ParquetLook {
  metadata: FileMetaData;
  /** Names of all columns. */
  names: string[];
  /** Those that are to be read. */
  wanted: string[];
  rows: number;
}

/**
 * Looks at what a Parquet file says of itself, at its end and before each page.
 *
 * @throws Error with what is wrong with it, before its columns are unpacked where they are too large
 */
export async function lookAtParquet(path: string, needed?: readonly string[]): Promise<ParquetLook> {
  try {
    const file = await asyncBufferFromFile(path);
    await checkFooter(file);
    const metadata = await parquetMetadataAsync(file);
    // the root of the schema has the columns as its children
    const names = topLevel(metadata);
    const wanted = needed?.filter((name) => names.includes(name)) ?? names;
    const rows = checkSize(metadata, wanted);
    await checkPages(file, metadata, wanted);
    return { metadata, names, wanted, rows };
  } catch (error) {
    throw new Error(reasonOf(error as Error), { cause: error });
  }
}

/**
 * Reads columns of a Parquet file that {@link lookAtParquet} has looked at, by the library, uncompressed or by Snappy, gzip, Zstandard, Brotli or LZ4.
 *
 * @throws Error with what is wrong with it
 */
export async function parquetColumns(path: string, needed?: readonly string[]): Promise<Columns> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const names = topLevel(metadata);
    const wanted = needed ?? names;
    if (wanted.length === 0) return { names, values: [], rows: 0 };
    const read = { file, metadata, columns: [...wanted], compressors: bounded(new Budget("table")) };
    const rows = await parquetReadObjects(read);
    const values = wanted.map((name): Columns["values"][number] => [name, rows.map((row) => row[name])]);
    return { names, values, rows: rows.length };
  } catch (error) {
    throw new Error(reasonOf(error as Error), { cause: error });
  }
}

function topLevel({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  for (let at = 1; at < schema.length; ) {
    names.push(schema[at].name);
    for (let open = 1; open > 0 && at < schema.length; at++) open += (schema[at].num_children ?? 0) - 1;
  }
  return names;
}

/** @returns rows that the file states */
function checkSize({ row_groups: groups, num_rows: rows }: FileMetaData, wanted: readonly string[]): number {
  let bytes = 0n;
  for (const { columns } of groups) {
    for (const { meta_data: column } of columns) {
      if (column && wanted.includes(column.path_in_schema[0])) bytes += column.total_uncompressed_size;
    }
  }
  const inGroups = groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  const most = Math.max(Number(rows), inGroups);
  checkCells(most, wanted.length);
  new Budget("table").takeBytes(Number(bytes), "its columns");
  return most;
}

/** The library's decompressors; each page states the length that it unpacks to, which is drawn from the budget. */
function bounded(budget: Budget): typeof compressors {
  const drawn = Object.entries(compressors).map(([codec, decompress]) => [
    codec,
    (input: Uint8Array, outputLength: number) => {
      budget.takeBytes(outputLength, "a page");
      return decompress(input, outputLength);
    },
  ]);
  return Object.fromEntries(drawn);
}

function reasonOf(error: Error): string {
  const { message } = error;
  const accident = [TypeError, RangeError, SyntaxError].some((kind) => error instanceof kind);
  if (accident || /\bundefined\b/.test(message)) {
    return "it is damaged, or no Parquet file";
  }
  if (/footer != PAR1|too short|Offset is outside|expected AsyncBuffer/.test(message)) {
    return "it is no Parquet file, or was cut off";
  }
  return message.replace(/\.$/, "");
}
