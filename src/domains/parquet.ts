import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { Budget } from "../files/budget.js";
import { isObject, type JsonObject, parseJsonObject } from "../files/json.js";
import { featureNames } from "./dataset-features.js";
import { checkFooter, checkPages } from "./parquet-pages.js";
import type { Table } from "./table-row.js";
import { checkCells } from "./table-size.js";

/**
 * Reads a Parquet file, uncompressed or by Snappy, gzip, Zstandard, Brotli or LZ4: the columns asked for, or all. Names of
 * class numbers that the `datasets` library wrote into it are kept.
 *
 * @throws Error naming the file and what is wrong with it, before its columns are unpacked where they are too large
 */
export async function readParquet(path: string, needed?: readonly string[]): Promise<Table> {
  try {
    const file = await asyncBufferFromFile(path);
    await checkFooter(file);
    const metadata = await parquetMetadataAsync(file);
    // the root of the schema has the columns as its children
    const columns = topLevel(metadata);
    const wanted = needed?.filter((name) => columns.includes(name)) ?? columns;
    checkSize(metadata, wanted);
    await checkPages(file, metadata, wanted);
    const read =
      wanted.length > 0
        ? await parquetReadObjects({ file, metadata, columns: wanted, compressors: bounded(new Budget("table")) })
        : [];
    const rows = read.map((values, i) => ({ line: i + 1, values }));
    const info = metadata.key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
    const labelNames = info === undefined ? undefined : featureNames(noteOf(info).features);
    return { columns, rows, notes: [], ...(labelNames && { labelNames }) };
  } catch (error) {
    throw new Error(`Cannot read ${path} as Parquet: ${reasonOf(error as Error)}.`, { cause: error });
  }
}

/** What the `datasets` library notes of a table's columns. */
function noteOf(text: string): JsonObject {
  const { info } = parseJsonObject(text, 'its note "huggingface"');
  return isObject(info) ? info : {};
}

function topLevel({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  for (let at = 1; at < schema.length; ) {
    names.push(schema[at].name);
    for (let open = 1; open > 0 && at < schema.length; at++) open += (schema[at].num_children ?? 0) - 1;
  }
  return names;
}

function checkSize({ row_groups: groups, num_rows: rows }: FileMetaData, wanted: readonly string[]): void {
  let bytes = 0n;
  for (const { columns } of groups) {
    for (const { meta_data: column } of columns) {
      if (column && wanted.includes(column.path_in_schema[0])) bytes += column.total_uncompressed_size;
    }
  }
  const inGroups = groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  checkCells(Math.max(Number(rows), inGroups), wanted.length);
  new Budget("table").takeBytes(Number(bytes), "its columns");
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
