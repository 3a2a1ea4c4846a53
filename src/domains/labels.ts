import { cellOf, type TableRow } from "./table-row.js";

/** What a cell says of a row's label: its name, that it has none, or why it can be neither. */
export type LabelReading = { name: string } | { missing: string } | { problem: string };

/** Texts by which pandas, R, Excel and SQL write that there is nothing. */
const NOTHING =
  /^(|nan|[-+]nan|na|<na>|n\/a|#n\/a|#n\/a n\/a|#na|null|NULL|Null|none|None|nil|nat|\?|-|-?1\.#(ind|qnan))$/;
/** Those of them that are read so whatever their case. */
const NOTHING_ANY_CASE = /^([-+]?nan|<na>|n\/a|#n\/a|na|nat)$/i;
/** Words that are also names of classes ("none" of a stance), so only their usual spelling counts. */
const ALSO_A_NAME = new Set(["none", "nil", "-", "?"]);

/**
 * Reads the label of a row. Whole numbers are one class however they are written (`1`, `1.0`, `1n`); empty cells, NaN and
 * the like, and −1, by which data sets mark rows without a label, are no class.
 *
 * @param known label names that the caller gave; a text equal to one of them is that label, also `-1` or `None`
 */
export function readLabel(value: unknown, known?: ReadonlyMap<string, number>): LabelReading {
  switch (typeof value) {
    case "undefined":
      return { missing: "is empty" };
    case "boolean":
      return { name: String(value) };
    case "bigint":
      return known?.has(String(value)) || value !== -1n ? { name: String(value) } : { missing: "is -1" };
    case "number":
      return readNumber(value, known);
    case "string":
      return readText(value.trim(), known);
    default: {
      if (value === null) return { missing: "is empty" };
      if (value instanceof Date) return { problem: "is a date, not a label" };
      return { problem: `is ${Array.isArray(value) ? "a list" : "an object"}, not a label` };
    }
  }
}

function readNumber(value: number, known?: ReadonlyMap<string, number>): LabelReading {
  const name = String(value);
  if (known?.has(name)) return { name };
  if (Number.isNaN(value)) return { missing: "is NaN" };
  if (!Number.isFinite(value)) return { problem: "is a number beyond every number (such as 1e400)" };
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return { problem: `is about ${value}, a number too large to be read exactly; write it as text, in quotes` };
  }
  return value === -1 ? { missing: "is -1" } : { name };
}

function readText(text: string, known?: ReadonlyMap<string, number>): LabelReading {
  if (known?.has(text)) return { name: text };
  if (text === "") return { missing: "is empty" };
  if (!ALSO_A_NAME.has(text) && (NOTHING.test(text) || NOTHING_ANY_CASE.test(text))) return { missing: `is "${text}"` };
  const whole = /^([-+]?)(\d+)\.0+$/.exec(text);
  const name = whole ? `${whole[1] === "-" && Number(whole[2]) !== 0 ? "-" : ""}${whole[2]}` : text;
  return name === "-1" && !known?.has(name) ? { missing: `is ${text}` } : { name };
}

/**
 * The label names of a table, numbers by size, else in the order of their letters.
 *
 * @throws Error naming the file, if labels are measurements and no classes, or differ in nothing but case or spacing
 */
export function labelNames(rows: readonly TableRow[], column: string, file: string): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    if (row.problem !== undefined) continue;
    const reading = readLabel(cellOf(row, column));
    if ("name" in reading) counts.set(reading.name, (counts.get(reading.name) ?? 0) + 1);
  }
  const names = [...counts.keys()].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  const measured = names.find((name) => /^[-+]?\d*\.\d+(e[-+]?\d+)?$/i.test(name));
  if (measured !== undefined) {
    throw new Error(
      `${file}: the labels in "${column}" are measurements such as ${measured}, not classes. Make classes of them (above or ` +
        `below a level, say), or name them all (labels: ["${measured}", …]).`,
    );
  }
  const bySpelling = new Map<string, string>();
  for (const name of names) {
    const plain = name.toLowerCase().normalize("NFC").replace(/\s+/g, " ");
    const other = bySpelling.get(plain);
    if (other !== undefined) {
      throw new Error(
        `${file}: the labels "${other}" (${counts.get(other)} rows) and "${name}" (${counts.get(name)} rows) differ in nothing ` +
          `but case or spacing. Write them alike, or name all labels if they are two classes (labels: [${names
            .slice(0, 4)
            .map((label) => JSON.stringify(label))
            .join(", ")}${names.length > 4 ? ", …" : ""}]).`,
      );
    }
    bySpelling.set(plain, name);
  }
  return names;
}

/** Whether whole numbers are written in two ways in a column of labels, such as `1` and `1.0`, which are read as one. */
export function spellingsOfNumbers(rows: readonly TableRow[], column: string): string | undefined {
  const spelling = new Map<string, string>();
  for (const row of rows) {
    const value = cellOf(row, column);
    const text = typeof value === "string" ? value.trim() : String(value);
    const reading = readLabel(value);
    if (!("name" in reading)) continue;
    const before = spelling.get(reading.name);
    if (before !== undefined && before !== text)
      return `${before} and ${text} are read as one label, "${reading.name}"`;
    spelling.set(reading.name, text);
  }
  return undefined;
}
