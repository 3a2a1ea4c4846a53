import { isObject, type JsonObject, parseJsonObject } from "../files/json.js";
import { rowsOf } from "./columns.js";
import { featureNames } from "./dataset-features.js";
import { lookAtParquet } from "./parquet-columns.js";
import { readApart } from "./read-apart.js";
import type { Table } from "./table-row.js";

/**
 * Reads a Parquet file, uncompressed or by Snappy, gzip, Zstandard, Brotli or LZ4: the columns asked for, or all. Names of
 * class numbers that the `datasets` library wrote into it are kept.
 *
 * @throws Error naming the file and what is wrong with it, before its columns are unpacked where they are too large
 */
export async function readParquet(path: string, needed?: readonly string[]): Promise<Table> {
  try {
    const { metadata, wanted, rows } = await lookAtParquet(path, needed);
    const info = metadata.key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
    const labelNames = info === undefined ? undefined : featureNames(noteOf(info).features);
    const columns = await readApart({ format: "parquet", path, needed: wanted }, rows * wanted.length);
    return { columns: columns.names, rows: rowsOf(columns), notes: [], ...(labelNames && { labelNames }) };
  } catch (error) {
    throw new Error(`Cannot read ${path} as Parquet: ${(error as Error).message}.`, { cause: error });
  }
}

/** What the `datasets` library notes of a table's columns. */
function noteOf(text: string): JsonObject {
  const { info } = parseJsonObject(text, 'its note "huggingface"');
  return isObject(info) ? info : {};
}
