import { htmlText } from "../files/shown.js";
import { formatColumn } from "./number-format.js";
import type { TableContent } from "./table.js";

interface Printed {
  columns: string[];
  /** [row][column] */
  cells: string[][];
  /** whether a column holds numbers, which stand at the right */
  numeric: boolean[];
  /** rows left out at the end */
  left: number;
}

function print({ columns, cells }: TableContent, rowLimit: number): Printed {
  const shown = cells.slice(0, rowLimit);
  const byColumn = columns.map((_, column) => shown.map((row) => row[column]));
  const texts = byColumn.map(formatColumn);
  return {
    columns,
    cells: shown.map((_, row) => texts.map((column) => column[row])),
    numeric: byColumn.map((values) => values.some((value) => typeof value === "number")),
    left: cells.length - shown.length,
  };
}

function rest(left: number): string {
  return left === 1 ? "… and 1 more row" : `… and ${left} more rows`;
}

/** The table as HTML; every name and cell is escaped. */
export function htmlTable(content: TableContent, rowLimit: number, caption?: string): string {
  const { columns, cells, numeric, left } = print(content, rowLimit);
  const align = (column: number) => (numeric[column] ? ' style="text-align:right"' : ' style="text-align:left"');
  const cell = (tag: string) => (text: string, column: number) => `<${tag}${align(column)}>${htmlText(text)}</${tag}>`;
  const lines = [
    "<table>",
    ...(caption ? [`<caption style="text-align:left">${htmlText(caption)}</caption>`] : []),
    `<thead><tr>${columns.map(cell("th")).join("")}</tr></thead>`,
    "<tbody>",
    ...cells.map((row) => `<tr>${row.map(cell("td")).join("")}</tr>`),
    "</tbody>",
    "</table>",
    ...(left > 0 ? [`<p>${rest(left)}</p>`] : []),
  ];
  return lines.join("\n");
}

/** The table as aligned plain text. */
export function textTable(content: TableContent, rowLimit: number, caption?: string): string {
  const { columns, cells, numeric, left } = print(content, rowLimit);
  const widths = columns.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column].length)));
  const line = (row: string[]) =>
    row
      .map((text, column) => (numeric[column] ? text.padStart(widths[column]) : text.padEnd(widths[column])))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const lines = [
    ...(caption ? [caption] : []),
    line(columns),
    rule,
    ...cells.map(line),
    ...(left > 0 ? [rest(left)] : []),
  ];
  return lines.join("\n");
}
