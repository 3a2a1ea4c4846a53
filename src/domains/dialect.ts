import { type DelimitedRecord, readRecords } from "./delimited.js";

/** What is known beforehand of a delimited table. */
export interface DialectHints {
  file: string;
  quoting?: boolean;
  /** What the file's ending lets expect. */
  expected: string;
  /** Columns that the table must have, by name. */
  needed: readonly string[];
  /** Number of columns, where they were named by the caller. */
  columns?: number;
}

const CANDIDATES = [",", ";", "\t", "|"];
const NAMES: Record<string, string> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces" };
/** Records that are looked at. */
const SAMPLE = 100;

/** "semicolons". */
export function delimiterName(delimiter: string): string {
  return NAMES[delimiter] ?? JSON.stringify(delimiter);
}

/** Excel's own hint, a first line `sep=;`: the delimiter, and the text after that line. */
export function separatorLine(text: string): { delimiter: string; rest: string } | undefined {
  const match = /^"?sep=(.)"?\r?(?:\n|$)|^"?sep=(.)"?\r/i.exec(text.slice(0, 20));
  return match ? { delimiter: match[1] ?? match[2], rest: text.slice(match[0].length) } : undefined;
}

/**
 * What separates the fields of a text: the candidate whose first record names the needed columns, else the one that cuts
 * most records into equally many fields, and into most; what the ending lets expect goes before its equals.
 */
export function findDelimiter(text: string, hints: DialectHints): string {
  const { expected, needed, columns } = hints;
  const candidates = [expected, ...CANDIDATES.filter((candidate) => candidate !== expected)];
  const named = candidates.find((delimiter) => {
    const header = new Set(sample(text, delimiter, hints, 1)[0]?.fields.map((field) => field.trim()));
    return needed.length > 1 && needed.every((column) => header.has(column));
  });
  if (named) return named;
  const scored = candidates.map((delimiter) => {
    const records = sample(text, delimiter, hints, SAMPLE);
    return { delimiter, ...evenness(records, columns) };
  });
  const best = scored.reduce((a, b) => (b.share > a.share + 0.05 || (b.share >= a.share && b.width > a.width) ? b : a));
  return best.width > 1 ? best.delimiter : expected;
}

function sample(text: string, delimiter: string, { file, quoting }: DialectHints, most: number): DelimitedRecord[] {
  const records: DelimitedRecord[] = [];
  try {
    for (const record of readRecords(text, file, { delimiter, quoting })) {
      if (records.push(record) === most) break;
    }
  } catch {
    // a quote that does not fit this candidate; the whole reading tells it
  }
  return records;
}

/** How many of the records have the most usual number of fields, or the number that was given. */
function evenness(records: readonly DelimitedRecord[], columns?: number): { share: number; width: number } {
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  if (columns !== undefined) return { share: (counts.get(columns) ?? 0) / Math.max(records.length, 1), width: columns };
  const [width, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [1, 0]);
  return width > 1 ? { share: count / records.length, width } : { share: 0, width };
}
