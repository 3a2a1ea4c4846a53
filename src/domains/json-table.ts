import { listed } from "../files/listed.js";
import type { Table, TableRow } from "./table-row.js";

/** A table of JSON lines: one object a line. Lines that are none are kept, with a `problem`. */
export function parseJsonLines(text: string, needed?: readonly string[]): Table {
  const rows: TableRow[] = [];
  const columns = new Set<string>();
  let line = 0;
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf("\n", start);
    const content = text.slice(start, end < 0 ? text.length : end);
    start = end < 0 ? text.length + 1 : end + 1;
    line++;
    if (content.trim() === "") continue;
    const { value, problem } = parseRow(content);
    for (const name in value) columns.add(name);
    rows.push({
      line,
      values: value === undefined ? {} : only(value, needed),
      ...(problem !== undefined && { problem }),
    });
  }
  return { columns: [...columns], rows, notes: [] };
}

function parseRow(content: string): { value?: Record<string, unknown>; problem?: string } {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    const number = /:\s*(-?(?:NaN|Infinity))\b/.exec(content)?.[1];
    if (number) return { problem: `holds ${number}, which JSON does not have; write null, or a number` };
    return { problem: "is not JSON: it was cut off, or is of another format" };
  }
  if (!isObject(value)) return { problem: "is not a JSON object" };
  // JSON.parse keeps the last of two equal keys in silence
  const keys = content.match(/"\s*:/g)?.length ?? 0;
  const twice = keys > Object.keys(value).length ? repeatedKey(content) : undefined;
  return twice === undefined ? { value } : { problem: `has the key "${twice}" twice` };
}

/** A key that the outermost object of a JSON text has twice. */
function repeatedKey(json: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (const { 0: token, index = 0 } of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && /^\s*:/.test(json.slice(index + token.length, index + token.length + 100))) {
      const key = JSON.parse(token) as string;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}

/**
 * A table of one JSON value: a list of objects, also under the key `data`; an object of equally long lists, one a column;
 * what pandas writes (`split`, `columns`, `index`); or JSON lines under the ending .json. Rows are counted from 1.
 *
 * @throws Error naming the file, if it is none of these
 */
export function parseJson(text: string, file: string, needed?: readonly string[]): Table {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const lines = parseJsonLines(text, needed);
    if (lines.rows.some(({ problem }) => problem === undefined)) {
      return { ...lines, notes: [`${file} is read as JSON lines, one object a line.`] };
    }
    throw new Error(`${file} is not JSON: it was cut off, or is of another format.`, { cause: error });
  }
  const rows = rowsOf(value);
  if (!rows) {
    throw new Error(
      `${file} holds no table: it needs a list of objects such as [{"text": "…", "label": "…"}], or an object of equally ` +
        `long lists, one a column${isObject(value) ? `; it has the keys ${listed(Object.keys(value), 10)}` : ""}.`,
    );
  }
  const columns = new Set<string>();
  const table = rows.map((row, i): TableRow => {
    if (!isObject(row)) return { line: i + 1, values: {}, problem: "is not a JSON object" };
    for (const name in row) columns.add(name);
    return { line: i + 1, values: only(row, needed) };
  });
  return { columns: [...columns], rows: table, notes: [] };
}

function rowsOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return undefined;
  const { data, columns } = value;
  if (Array.isArray(data) && Array.isArray(columns)) {
    // pandas, orient="split"
    return data.map((row) => (Array.isArray(row) ? Object.fromEntries(columns.map((name, i) => [name, row[i]])) : row));
  }
  const lists = Object.entries(value);
  if (
    lists.length > 1 &&
    lists.every(([, list]) => Array.isArray(list) && list.length === (lists[0][1] as unknown[]).length)
  ) {
    return (lists[0][1] as unknown[]).map((_, i) =>
      Object.fromEntries(lists.map(([name, list]) => [name, (list as unknown[])[i]])),
    );
  }
  if (Array.isArray(data)) return data;
  if (lists.length === 0 || !lists.every(([, item]) => isObject(item))) return undefined;
  // pandas, orient="columns" {"text": {"0": …}, "label": {"0": …}} or orient="index" {"0": {"text": …}, "1": …}
  const objects = lists as [string, Record<string, unknown>][];
  const keys = Object.keys(objects[0][1]);
  const byIndex = objects.every(([key], i) => key === String(i) || /^\d+$/.test(key));
  if (byIndex) return objects.map(([, row]) => row);
  const same = objects.every(([, column]) => Object.keys(column).join() === keys.join());
  return same ? keys.map((key) => Object.fromEntries(objects.map(([name, column]) => [name, column[key]]))) : undefined;
}

function only(row: Record<string, unknown>, needed?: readonly string[]): Record<string, unknown> {
  if (!needed) return row;
  return Object.fromEntries(needed.flatMap((name) => (Object.hasOwn(row, name) ? [[name, row[name]]] : [])));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
