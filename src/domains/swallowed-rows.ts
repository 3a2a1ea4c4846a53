import type { ExampleColumns } from "./rows.js";
import { cellOf, type Table, type TableRow } from "./table-row.js";

/**
 * Marks rows whose text holds what look like rows of the table: a quote that was forgotten swallows all lines up to the next one.
 * A line inside a text counts as a row if it has as many fields as the table, and a label where the label stands.
 */
export function swallowedRows(
  rows: readonly TableRow[],
  { delimiter, columns }: Table,
  { text, textPair, label }: ExampleColumns,
  labels: readonly string[],
): readonly TableRow[] {
  if (delimiter === undefined) return rows;
  const known = new Set(labels);
  const place = columns.indexOf(label);
  const looksLikeRow = (line: string) => {
    const fields = line.split(delimiter);
    return fields.length === columns.length && known.has(fields[place].trim().replace(/^"|"$/g, ""));
  };
  return rows.map((row) => {
    if (row.problem !== undefined) return row;
    for (const column of [text, textPair]) {
      const value = column === undefined ? undefined : cellOf(row, column);
      if (typeof value !== "string" || !/[\r\n]/.test(value)) continue;
      const inside = value.split(/\r\n?|\n/).filter(looksLikeRow).length;
      if (inside > 0) {
        const problem = `"${column}" holds what looks like ${inside} more row${inside > 1 ? "s" : ""}; a quote is not closed, or stands where none belongs`;
        return { ...row, problem };
      }
    }
    return row;
  });
}
