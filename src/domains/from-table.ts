import { createRandom, type Random } from "../engine/random.js";
import { createDomain, type Domain, type Example, type SplitName, splitNames } from "./domain.js";
import type { MalformedRowOptions } from "./folder.js";
import { normalisedText } from "./leaks.js";
import { type ExampleColumns, examplesFromRows, refuseProblems } from "./rows.js";
import { readTable, type TableOptions, type TableRow } from "./table.js";

export interface DomainFromTableOptions extends TableOptions, MalformedRowOptions {
  /** Default: the file's name without its ending. */
  name?: string;
  /** Column of the text. Default "text". */
  text?: string;
  /** Column of the second text, for pairs. */
  textPair?: string;
  /** Column of the label. Default "label". */
  label?: string;
  /** Label names in order. Default: those in the file, sorted (numbers by size). */
  labels?: readonly string[];
  /** Column that says `train`, `dev` (or `validation`) or `test`. Without it the rows are dealt out by `shares`. */
  split?: string;
  /** Shares of dev and test where there is no split column. Default 0.1 and 0.2. */
  shares?: { dev: number; test: number };
  /** Seed of the dealing out. Default "split". */
  seed?: string | number;
}

/**
 * Makes a domain of one table of your own: CSV, TSV, JSON lines or Parquet, one example a row. Rows are dealt out to
 * train, dev and test label by label; equal texts (apart from case and spacing) always go to one side together.
 * @throws Error naming the file, and the line for a malformed row, a column that is not there, or a label without a training
 * row, with the remedy.
 */
export async function domainFromTable(path: string, options: DomainFromTableOptions = {}): Promise<Domain> {
  const { text = "text", textPair, label = "label", split, malformedRows = "refuse" } = options;
  const name = options.name ?? path.replace(/^.*[\\/]/, "").replace(/\.[^.]+$/, "");
  const rows = await readTable(path, options);
  const columns: ExampleColumns = { text, label, ...(textPair !== undefined && { textPair }) };
  requireColumns(path, rows, [text, label, textPair, split]);
  const labels = options.labels?.slice() ?? labelsIn(rows, label);
  const problems: string[] = [];
  const read = (part: readonly TableRow[]): Example[] => {
    const result = examplesFromRows(part, path, columns, labels);
    problems.push(...result.problems);
    return result.examples;
  };
  const parts = split === undefined ? dealOut(read(rows), options) : bySplitColumn(rows, path, split, read, problems);
  refuseProblems(problems, malformedRows === "report");
  for (const part of splitNames) {
    if (parts[part].length === 0) throw new Error(`${path} gives no ${part} examples; add rows or change the split.`);
  }
  requireTrained(path, labels, parts);
  const domain = createDomain({ name, labels, ...parts, source: path });
  return problems.length > 0 ? { ...domain, skipped: problems } : domain;
}

function requireColumns(path: string, rows: readonly TableRow[], wanted: readonly (string | undefined)[]): void {
  const columns = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const missing = wanted.find((column) => column !== undefined && !columns.includes(column));
  if (rows.length > 0 && missing !== undefined) {
    throw new Error(
      `${path} has no column "${missing}"; its columns are ${columns.join(", ")}. Name the one you mean.`,
    );
  }
}

/** A label that is tested must be trained; one that is not is most likely misspelt. */
function requireTrained(path: string, labels: readonly string[], parts: Record<SplitName, Example[]>): void {
  const trained = new Set(parts.train.map(({ label }) => label));
  const alone = [...parts.dev, ...parts.test].find(({ label }) => !trained.has(label));
  if (alone === undefined) return;
  throw new Error(
    `${path}: the label "${labels[alone.label]}" has no row to train on; the labels are ${labels.join(", ")}. ` +
      "If it is misspelt, mend it; else add rows of it.",
  );
}

function labelsIn(rows: readonly TableRow[], column: string): string[] {
  const values = new Set<string>();
  for (const { values: row } of rows) {
    if (row[column] !== undefined && row[column] !== null) values.add(String(row[column]).trim());
  }
  return [...values].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
}

function bySplitColumn(
  rows: readonly TableRow[],
  path: string,
  column: string,
  read: (part: readonly TableRow[]) => Example[],
  problems: string[],
): Record<SplitName, Example[]> {
  const groups: Record<SplitName, TableRow[]> = { train: [], dev: [], test: [] };
  for (const row of rows) {
    const value = String(row.values[column] ?? "")
      .trim()
      .toLowerCase();
    const split = /^(dev|valid|validation|val)$/.test(value) ? "dev" : splitNames.find((name) => name === value);
    if (split) groups[split].push(row);
    else problems.push(`${path}, line ${row.line}: "${column}" is "${value}", not train, dev or test`);
  }
  return { train: read(groups.train), dev: read(groups.dev), test: read(groups.test) };
}

function dealOut(examples: readonly Example[], options: DomainFromTableOptions): Record<SplitName, Example[]> {
  const { shares = { dev: 0.1, test: 0.2 }, seed = "split" } = options;
  if (!(shares.dev > 0 && shares.test > 0 && shares.dev + shares.test < 1)) {
    throw new Error(`Shares of dev (${shares.dev}) and test (${shares.test}) must be above 0 and sum to less than 1.`);
  }
  const parts: Record<SplitName, Example[]> = { train: [], dev: [], test: [] };
  for (const group of groupsByLabel(examples, createRandom(seed))) {
    const size = group.reduce((sum, same) => sum + same.length, 0);
    let dealt = 0;
    for (const same of group) {
      const split = dealt < shares.test * size ? "test" : dealt < (shares.test + shares.dev) * size ? "dev" : "train";
      parts[split].push(...same);
      dealt += same.length;
    }
  }
  return parts;
}

/** Per label, shuffled groups of examples that share a text; a group belongs to the label of its first example. */
function groupsByLabel(examples: readonly Example[], random: Random): Example[][][] {
  const groups = new Map<string, Example[]>();
  for (const example of examples) {
    const key = normalisedText(example.text);
    const group = groups.get(key);
    if (group) group.push(example);
    else groups.set(key, [example]);
  }
  const byLabel = new Map<number, Example[][]>();
  for (const group of random.shuffle([...groups.values()])) {
    const label = group[0].label;
    byLabel.set(label, [...(byLabel.get(label) ?? []), group]);
  }
  return [...byLabel.keys()].sort((a, b) => a - b).map((label) => byLabel.get(label) ?? []);
}
