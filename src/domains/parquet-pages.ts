import type { AsyncBuffer, FileMetaData } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { LimitError } from "../files/budget.js";
import { checkThrift } from "./parquet-thrift.js";
import { MOST_CELLS } from "./table-size.js";

/*
 * Each page of a column states how many values it has and how many bytes it fills, and the library makes room for what it
 * states. All pages are looked at before one is read.
 */

const TAIL = 8;

/** Looks at what a file says of its columns, at its end, before the library does. @throws Error if it is damaged */
export async function checkFooter(file: AsyncBuffer): Promise<void> {
  if (file.byteLength < TAIL) return; // the library says what it is
  const tail = new DataView(await file.slice(file.byteLength - TAIL, file.byteLength));
  const start = file.byteLength - TAIL - tail.getUint32(0, true);
  const isParquet = tail.getUint32(4, false) === 0x50415231; // PAR1
  if (isParquet && start >= 0) checkThrift(new DataView(await file.slice(start, file.byteLength - TAIL)));
}

/**
 * @param columns names of the columns that are to be read
 * @throws Error if a page states more values than its column, or reaches beyond it; LimitError if the columns have too many
 */
export async function checkPages(
  file: AsyncBuffer,
  { row_groups: groups }: FileMetaData,
  columns: readonly string[],
): Promise<void> {
  let all = 0n;
  for (const { columns: chunks } of groups) {
    for (const { meta_data: column } of chunks) {
      if (!column || !columns.includes(column.path_in_schema[0])) continue;
      all += column.num_values;
      if (all > MOST_CELLS || column.num_values < 0n) {
        throw new LimitError(
          `its columns state ${all} values, and the limit is ${MOST_CELLS}; split it, or take fewer columns`,
        );
      }
      const start = Number(column.dictionary_page_offset || column.data_page_offset);
      const end = start + Number(column.total_compressed_size);
      if (!(start >= 0 && start <= end && end <= file.byteLength)) {
        throw new Error("a column reaches beyond the file; it was cut off, or is damaged");
      }
      const bytes = await file.slice(start, end);
      checkColumn(new DataView(bytes), Number(column.num_values), column.path_in_schema.join("."));
    }
  }
}

function checkColumn(view: DataView, values: number, name: string): void {
  const reader = { view, offset: 0 };
  let counted = 0;
  while (counted < values && reader.offset < view.byteLength - 1) {
    checkThrift(view, reader.offset);
    const page = parquetHeader(reader);
    const { num_values: inDictionary = 0 } = page.dictionary_page_header ?? {};
    const { num_values: stated = 0 } = page.data_page_header ?? page.data_page_header_v2 ?? {};
    const { num_rows: rows = 0 } = page.data_page_header_v2 ?? {};
    const [packed, unpacked] = [page.compressed_page_size, page.uncompressed_page_size];
    if (!(packed >= 0 && reader.offset + packed <= view.byteLength && unpacked >= 0)) {
      throw new Error(`a page of its column "${name}" reaches beyond the column; it was cut off, or is damaged`);
    }
    counted += stated;
    // a value of a dictionary has a byte at least
    if (
      stated < 0 ||
      rows < 0 ||
      counted > values ||
      rows > stated ||
      !(inDictionary >= 0 && inDictionary <= unpacked)
    ) {
      const most = Math.max(stated, rows, inDictionary);
      throw new Error(`a page of its column "${name}" states ${most} values, more than the column has; it is damaged`);
    }
    reader.offset += packed;
  }
}
