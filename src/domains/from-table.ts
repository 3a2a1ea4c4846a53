import { requireText } from "../files/arguments.js";
import { listed } from "../files/listed.js";
import { checkOptions, nearestName, type OptionNames } from "../files/options.js";
import { terminalText } from "../files/shown.js";
import { checkShares, dealMissing } from "./deal-out.js";
import { createDomain, type Domain, type Example, type SplitName, splitNames } from "./domain.js";
import { labelNames, readLabel, spellingsOfNumbers } from "./labels.js";
import { type ExampleColumns, examplesFromRows, type RowOptions, refuseRows, rowOptionNames } from "./rows.js";
import { swallowedRows } from "./swallowed-rows.js";
import { readTable, type TableOptions, tableOptionNames } from "./table.js";
import { cellOf, type Table, type TableRow } from "./table-row.js";

/** How a domain is read from a table. */
export interface DomainFromTableOptions extends TableOptions, RowOptions {
  /** Default: the file's name without its ending. */
  name?: string;
  /** Column of the text. Default "text". */
  text?: string;
  /** Column of the second text, for pairs. */
  textPair?: string;
  /** Column of the label. Default "label". */
  label?: string;
  /** Label names in order. Default: those that the file keeps beside its numbers, else those in the file, sorted (numbers by size). */
  labels?: readonly string[];
  /** Column that says `train`, `dev` (or `validation`) or `test`. Without it the rows are dealt out by `shares`. */
  split?: string;
  /** Shares of dev and test where the file does not say the split. Default 0.1 and 0.2. */
  shares?: { dev: number; test: number };
  /** Seed of the dealing out. Default "split". */
  seed?: string | number;
  /** Takes each note on how the file was read. Default: they go to the console as warnings; they are in `domain.notes` too. */
  onNote?: (note: string) => void;
}

const optionNames: OptionNames<DomainFromTableOptions> = {
  ...tableOptionNames,
  ...rowOptionNames,
  ...({ name: true, text: true, textPair: true, label: true, labels: true } as const),
  ...({ split: true, shares: true, seed: true, onNote: true } as const),
};

/**
 * Makes a domain of one table of your own, one example a row: CSV and its kin, JSON, JSON lines, Excel (.xlsx), Parquet, Arrow, or a
 * folder that `save_to_disk` of Python's `datasets` library wrote. Encoding, delimiter and header are found out, and what is out
 * of the ordinary is said. Where no split is given, rows are dealt out to train, dev and test label by label; equal texts
 * (apart from case and spacing) always go to one side together.
 *
 * @throws Error naming the file, and the line for a malformed row, a column that is not there, a row without a label, or a
 * label without a training row, with the remedy.
 */
export async function domainFromTable(path: string, options: DomainFromTableOptions = {}): Promise<Domain> {
  requireText(path, "domainFromTable takes the path of a file");
  checkOptions(options, optionNames, "domainFromTable");
  const { text = "text", textPair, label = "label", split, shares = { dev: 0.1, test: 0.2 }, seed = "split" } = options;
  checkShares(shares);
  const name =
    options.name ??
    path
      .replace(/[\\/]+$/, "")
      .replace(/^.*[\\/]/, "")
      .replace(/\.[^.]+$/, "");
  const columns: ExampleColumns = { text, label, ...(textPair !== undefined && { textPair }) };
  const needed = [text, label, textPair, split].filter((column): column is string => column !== undefined);
  const table = await readTable(path, options, needed);
  requireColumns(path, table, needed);
  refuseHeaderAsData(path, table, label);
  const labels = labelsOf(path, table, label, options.labels);
  const notes = [...table.notes];
  const spellings = options.labels ? undefined : spellingsOfNumbers(table.rows, label);
  if (spellings) notes.push(`${path}: ${spellings}.`);

  const bySplit = rowsBySplit(path, table, split);
  notes.push(...bySplit.notes);
  const result = { problems: [...bySplit.problems], unlabelled: [] as string[] };
  const read = (rows: readonly TableRow[]): Example[] => {
    const found = examplesFromRows(swallowedRows(rows, table, columns, labels), path, columns, labels);
    for (const problem of found.problems) result.problems.push(problem);
    for (const row of found.unlabelled) result.unlabelled.push(row);
    return found.examples;
  };
  const given = { train: read(bySplit.rows.train), dev: read(bySplit.rows.dev), test: read(bySplit.rows.test) };
  notes.push(...refuseRows(result, options, path));
  const { parts, dealt } = dealMissing(given, { shares, seed });
  if (dealt.length > 0 && dealt.length < 2) notes.push(`${path} has no ${dealt[0]} split; it was dealt out of train.`);
  for (const part of splitNames) {
    if (parts[part].length > 0) continue;
    const total = splitNames.reduce((sum, name) => sum + parts[name].length, 0);
    throw new Error(
      `${path} gives no ${part} examples: ${total} rows of ${labels.length} labels are too few to be dealt out, or their texts ` +
        "are all equal; add rows or change the split.",
    );
  }
  requireTrained(path, labels, parts);
  const domain = createDomain({ name, labels, ...parts, source: path });
  const tell = options.onNote ?? ((note: string) => console.warn(terminalText(note)));
  for (const note of notes) tell(note);
  return {
    ...domain,
    ...(notes.length > 0 && { notes }),
    ...(result.problems.length > 0 && { skipped: result.problems }),
  };
}

/** Columns that a message names: whoever looks for one must see it, and a table may have a hundred thousand. */
const NAMED_COLUMNS = 30;

/** @throws naming the columns of a table, if one that is needed is not among them */
export function requireColumns(path: string, { columns, rows }: Table, needed: readonly string[]): void {
  const known = new Set(columns);
  const missing = needed.find((column) => !known.has(column));
  if (missing === undefined) return;
  const broken = rows.find(({ problem }) => problem !== undefined);
  if (columns.length === 0 && broken) throw new Error(`${path}, line ${broken.line}: ${broken.problem}.`);
  const near = nearestName(missing, columns.slice(0, 1000));
  const none = !needed.some((column) => known.has(column)) && near === undefined;
  throw new Error(
    `${path} has no column "${missing}"; its columns are ${listed(columns, NAMED_COLUMNS)}. Name the one you mean` +
      `${near === undefined ? "" : ` ("${near}"?)`}${none ? ', or, if that line is data, all columns (columns: ["text", "label"])' : ""}.`,
  );
}

/** The first line counts as a header that was overlooked where its label occurs nowhere else. */
function refuseHeaderAsData(path: string, { rows, maybeHeader }: Table, label: string): void {
  if (!maybeHeader || rows.length < 3) return;
  const name = (row: TableRow) => JSON.stringify(readLabel(cellOf(row, label)));
  const first = name(rows[0]);
  if (rows.slice(1).some((row) => name(row) === first)) return;
  throw new Error(
    `${path}: the first line (${listed(maybeHeader)}) may be a header: no other row has its label. Pass header: true to leave ` +
      "it out, or header: false if it is data.",
  );
}

function labelsOf(path: string, table: Table, column: string, given?: readonly string[]): string[] {
  if (given) {
    const twice = given.find((name, i) => given.indexOf(name) !== i);
    if (twice !== undefined) throw new Error(`labels names "${twice}" twice.`);
    return given.slice();
  }
  const kept = table.labelNames?.[column];
  if (kept) return kept;
  return labelNames(table.rows, column, path);
}

/** A label that is tested must be trained; one that is not is most likely misspelt. */
function requireTrained(path: string, labels: readonly string[], parts: Record<SplitName, Example[]>): void {
  const trained = new Set(parts.train.map(({ label }) => label));
  const alone = [...parts.dev, ...parts.test].find(({ label }) => !trained.has(label));
  if (alone === undefined) return;
  throw new Error(
    `${path}: the label "${labels[alone.label]}" has no row to train on; the labels are ${listed(labels)}. ` +
      "If it is misspelt, mend it; else add rows of it.",
  );
}

/** Rows of each split: by the column, by what the file says, or all as train. */
function rowsBySplit(path: string, { rows }: Table, column: string | undefined) {
  const groups: Record<SplitName, TableRow[]> = { train: [], dev: [], test: [] };
  const problems: string[] = [];
  const leftOut = new Map<string, number>();
  for (const row of rows) {
    const value = String(
      (column === undefined ? row.split : cellOf(row, column)) ?? (column === undefined ? "train" : ""),
    )
      .trim()
      .toLowerCase();
    const split = /^(dev|valid|validation|val)$/.test(value) ? "dev" : splitNames.find((name) => name === value);
    if (split) groups[split].push(row);
    else if (column === undefined) leftOut.set(value, (leftOut.get(value) ?? 0) + 1);
    else problems.push(`${path}, line ${row.line}: "${column}" is "${value.slice(0, 40)}", not train, dev or test`);
  }
  const notes = [...leftOut].map(([split, n]) => `${path}: the split "${split}" is left out (${n} rows).`);
  return { rows: groups, problems, notes };
}
