import type { TableRow } from "./table.js";

export interface DelimitedOptions {
  delimiter: "," | "\t";
  /** Whether `"` quotes fields (RFC 4180). Off for files such as GLUE's TSV, where it is an ordinary character. Default true. */
  quoting?: boolean;
  /** Whether the first row names the columns. Without it columns are named "0", "1", … Default true. */
  header?: boolean;
}

interface Line {
  fields: string[];
  line: number;
}

/**
 * Reads CSV or TSV text by RFC 4180: a quoted field may hold delimiters, line ends and doubled quotes. Both LF and CRLF
 * end a row; a byte-order mark is skipped; blank lines are not rows.
 * A row with another number of fields than the header is kept, with a `problem`.
 * @throws Error naming the line if a quote is never closed, or if two columns have one name.
 */
export function parseDelimited(text: string, file: string, options: DelimitedOptions): TableRow[] {
  const { header = true } = options;
  const records = splitRecords(text.replace(/^\uFEFF/, ""), file, options);
  if (records.length === 0) return [];
  const columns = header ? records[0].fields.map((name) => name.trim()) : records[0].fields.map((_, i) => String(i));
  const repeated = columns.find((name, i) => columns.indexOf(name) !== i);
  if (repeated !== undefined) throw new Error(`${file}, line 1: two columns are named "${repeated}"; rename one.`);
  return records.slice(header ? 1 : 0).map(({ fields, line }) => ({
    line,
    values: Object.fromEntries(columns.map((name, i) => [name, fields[i]])),
    ...(fields.length !== columns.length && {
      problem: `has ${fields.length} fields where the table has ${columns.length} columns`,
    }),
  }));
}

function splitRecords(text: string, file: string, { delimiter, quoting = true }: DelimitedOptions): Line[] {
  const records: Line[] = [];
  let fields: string[] = [];
  let line = 1;
  let start = 1;
  let at = 0;
  while (at < text.length) {
    let value: string;
    if (quoting && text[at] === '"') {
      const opened = line;
      let end = at + 1;
      value = "";
      for (;;) {
        const quote = text.indexOf('"', end);
        if (quote < 0) {
          throw new Error(
            `${file}, line ${opened}: a quoted field is never closed. Close it, or read the file with quoting: false.`,
          );
        }
        value += text.slice(end, quote);
        end = quote + 1;
        if (text[end] !== '"') break;
        value += '"';
        end++;
      }
      for (const character of value) if (character === "\n") line++;
      const next = fieldEnd(text, end, delimiter);
      value += text.slice(end, next); // text after a closing quote is not RFC 4180; keep it rather than lose it
      at = next;
    } else {
      const next = fieldEnd(text, at, delimiter);
      value = text.slice(at, next);
      at = next;
    }
    const endsRow = text[at] !== delimiter;
    fields.push(endsRow ? value.replace(/\r$/, "") : value);
    const atEnd = at >= text.length;
    at++;
    if (!endsRow && at === text.length) fields.push("");
    if (endsRow || at >= text.length) {
      if (fields.length > 1 || fields[0].trim() !== "") records.push({ fields, line: start });
      fields = [];
      if (!atEnd) line++;
      start = line;
    }
  }
  return records;
}

/** Position of the next delimiter or line end at or after `from`. */
function fieldEnd(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== "\n") at++;
  return at;
}
