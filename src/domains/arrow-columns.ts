import { readFileSync, statSync } from "node:fs";
import { tableFromIPC } from "@uwdata/flechette";
import { Budget } from "../files/budget.js";
import { checkLists } from "./arrow-size.js";
import type { Columns } from "./columns.js";
import { checkCells } from "./table-size.js";

/**
 * Reads columns of an Arrow file by the library, in the stream or the file (Feather 2) format, uncompressed.
 *
 * @throws Error with what is wrong with it
 */
export async function arrowColumns(path: string, needed?: readonly string[]): Promise<Columns> {
  try {
    new Budget("table").takeBytes(statSync(path).size, "the file (save it in more shards)");
    const table = tableFromIPC(readFileSync(path), { useBigInt: true, useDate: true });
    const names = table.names as string[];
    const wanted = names.filter((name) => needed === undefined || needed.includes(name));
    checkCells(table.numRows, wanted.length);
    const columns = wanted.map((name) => table.getChild(name));
    checkLists(columns.map(({ data }) => data));
    const values = wanted.map((name, j): Columns["values"][number] => [
      name,
      Array.from({ length: table.numRows }, (_, i) => columns[j].at(i)),
    ]);
    return { names, values, rows: table.numRows };
  } catch (error) {
    throw new Error(reasonOf(error as Error), { cause: error });
  }
}

function reasonOf(error: Error): string {
  if ((error as NodeJS.ErrnoException).code) return error.message;
  if (error instanceof RangeError || error instanceof TypeError || /\bundefined\b/.test(error.message))
    return "it was cut off, is damaged, or is no Arrow file";
  return error.message.replace(/\.$/, "");
}
