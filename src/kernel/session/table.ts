/** An arquero table, as far as showing needs it. */
interface Arquero {
  columnNames(): string[];
  numRows(): number;
  objects(options?: { limit?: number }): Record<string, unknown>[];
}

/** A danfojs data frame, as far as showing needs it. */
interface DataFrame {
  columns: string[];
  index: (string | number)[];
  values: unknown[][];
}

const rowLimit = 40;

/** A table as a front end shows it: the first rows, as HTML and as aligned text. */
interface Shown {
  columns: string[];
  rows: string[][];
  numeric: boolean[];
  left: number;
}

export function isArquero(value: object): value is Arquero {
  const table = value as Partial<Record<keyof Arquero, unknown>>;
  return [table.columnNames, table.objects, table.numRows].every((one) => typeof one === "function");
}

export function isDataFrame(value: object): value is DataFrame {
  const frame = value as Partial<DataFrame> & { $data?: unknown; print?: unknown };
  const isDanfo = "$data" in frame && typeof frame.print === "function";
  return isDanfo && Array.isArray(frame.columns) && Array.isArray(frame.index) && Array.isArray(frame.values);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (typeof value === "object") return JSON.stringify(value) ?? "";
  return String(value);
}

function shown(columns: string[], rows: unknown[][], total: number): Shown {
  const numeric = columns.map((_, at) => rows.some((row) => typeof row[at] === "number"));
  return { columns, numeric, rows: rows.map((row) => row.map(cellText)), left: total - rows.length };
}

function read(table: Arquero | DataFrame): Shown {
  if ("columnNames" in table) {
    const columns = table.columnNames();
    const objects = table.objects({ limit: rowLimit });
    return shown(
      columns,
      objects.map((row) => columns.map((name) => row[name])),
      table.numRows(),
    );
  }
  const { columns, index, values } = table;
  // A series of one column may hold plain values.
  const rows = values.slice(0, rowLimit).map((row) => (Array.isArray(row) ? row : [row]));
  const counts = index.every((label, at) => label === at);
  if (counts) return shown(columns.map(String), rows, values.length);
  const labelled = rows.map((row, at) => [index[at], ...row]);
  return shown(["", ...columns.map(String)], labelled, values.length);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function html({ columns, rows, numeric, left }: Shown): string {
  const align = (at: number) => ` style="text-align:${numeric[at] ? "right" : "left"}"`;
  const line = (tag: string, texts: string[]) =>
    `<tr>${texts.map((text, at) => `<${tag}${align(at)}>${escaped(text)}</${tag}>`).join("")}</tr>`;
  const body = rows.map((row) => line("td", row)).join("\n");
  const note = left > 0 ? `\n<p>… and ${left} more ${left === 1 ? "row" : "rows"}</p>` : "";
  return `<table>\n<thead>${line("th", columns)}</thead>\n<tbody>\n${body}\n</tbody>\n</table>${note}`;
}

function text({ columns, rows, numeric, left }: Shown): string {
  const widths = columns.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? "").length)));
  const pad = (word: string, at: number) => (numeric[at] ? word.padStart(widths[at]) : word.padEnd(widths[at]));
  const line = (row: string[]) => row.map(pad).join("  ").trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const note = left > 0 ? [`… and ${left} more ${left === 1 ? "row" : "rows"}`] : [];
  return [line(columns), rule, ...rows.map(line), ...note].join("\n");
}

/** An arquero table or a danfojs data frame as HTML and text; every name and value is escaped. */
export function tableBundle(table: Arquero | DataFrame): Record<string, string> {
  const content = read(table);
  return { "text/html": html(content), "text/plain": text(content) };
}
