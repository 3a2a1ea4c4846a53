import { listed } from "../files/listed.js";
import type { OptionNames } from "../files/options.js";
import type { Example } from "./domain.js";
import { readLabel } from "./labels.js";
import { cellOf, type TableRow } from "./table-row.js";

/** Which columns of a table make an example. */
export interface ExampleColumns {
  text: string;
  textPair?: string;
  label: string;
}

/** What is done with rows that are no whole examples. */
export interface RowOptions {
  /** `refuse` (default) throws at malformed rows; `report` goes on without them and lists them in `domain.skipped`. */
  malformedRows?: "refuse" | "report";
  /**
   * Rows without a label: empty, NaN and the like, or −1, by which data sets mark them. `refuse` (default) throws; `drop` goes on
   * without them and counts them in `domain.notes`. They are never a class of their own unless `labels` names it.
   */
  unlabelled?: "refuse" | "drop";
}

export const rowOptionNames: OptionNames<RowOptions> = { malformedRows: true, unlabelled: true };

/** What one file of a dataset gives. */
export interface ReadExamples {
  examples: Example[];
  /** One line per row that is no example: `file, line n: why`. */
  problems: string[];
  /** The same for rows that lack nothing but a label. */
  unlabelled: string[];
}

/**
 * Turns table rows into examples. A label is a name from `labels`, or an index into it (number, bigint, or digits) where
 * the names are not themselves numbers.
 * A row that is no example (missing or empty text, no or unknown label) is reported, never silently dropped.
 * With `otherLabels: "leftOut"` rows of another label than those listed are no problem, and give no example.
 */
export function examplesFromRows(
  rows: readonly TableRow[],
  file: string,
  columns: ExampleColumns,
  labels: readonly string[],
  options: { otherLabels?: "leftOut" } = {},
): ReadExamples {
  const result: ReadExamples = { examples: [], problems: [], unlabelled: [] };
  const indexOf = new Map(labels.map((name, i) => [name, i]));
  const mayIndex = !labels.some((name) => /^[-+]?\d+(\.\d+)?$/.test(name));
  for (const row of rows) {
    const where = `${file}, line ${row.line}`;
    const problem = row.problem ?? rowProblem(row, columns);
    if (problem !== undefined) {
      result.problems.push(`${where}: ${problem}`);
      continue;
    }
    const reading = readLabel(cellOf(row, columns.label), indexOf);
    if ("missing" in reading) {
      result.unlabelled.push(`${where}: has no label: "${columns.label}" ${reading.missing}`);
      continue;
    }
    if ("problem" in reading) {
      result.problems.push(`${where}: "${columns.label}" ${reading.problem}`);
      continue;
    }
    const label = indexOf.get(reading.name) ?? (mayIndex ? asIndex(reading.name, labels.length) : undefined);
    if (label === undefined) {
      if (options.otherLabels === "leftOut") continue;
      const numbers = mayIndex ? " and their numbers from 0" : "";
      const shown = JSON.stringify(reading.name.slice(0, 40));
      result.problems.push(`${where}: has the label ${shown}; known are ${listed(labels)}${numbers}`);
      continue;
    }
    const text = cellOf(row, columns.text) as string;
    if (columns.textPair === undefined) result.examples.push({ text, label });
    else result.examples.push({ text, textPair: cellOf(row, columns.textPair) as string, label });
  }
  return result;
}

function rowProblem(row: TableRow, columns: ExampleColumns): string | undefined {
  for (const column of [columns.text, columns.textPair]) {
    if (column === undefined) continue;
    const value = cellOf(row, column);
    if (value === undefined) {
      const filled = Object.keys(row.values).filter((name) => cellOf(row, name) !== undefined);
      return `has no text in column "${column}"; it has values in ${listed(filled) || "none"}`;
    }
    if (typeof value !== "string") return `"${column}" is ${kindOf(value)}, not text`;
    if (value.trim() === "") return `"${column}" is empty`;
  }
  return undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function asIndex(name: string, labels: number): number | undefined {
  return /^\d+$/.test(name) && Number(name) < labels ? Number(name) : undefined;
}

/**
 * Stops at rows that are no examples, or lets them go where that was asked for.
 *
 * @returns notes on what was left out
 * @throws Error listing the first ten
 */
export function refuseRows(
  { problems, unlabelled }: Pick<ReadExamples, "problems" | "unlabelled">,
  { malformedRows = "refuse", unlabelled: choice = "refuse" }: RowOptions,
  file: string,
): string[] {
  oneOf("malformedRows", malformedRows, ["refuse", "report"]);
  oneOf("unlabelled", choice, ["refuse", "drop"]);
  if (problems.length > 0 && malformedRows === "refuse") {
    throw new Error(
      `${counted(problems.length, "malformed row")}:\n${firstTen(problems)}\n` +
        `Mend them, or pass malformedRows: "report" to go on without them.`,
    );
  }
  if (unlabelled.length > 0 && choice === "refuse") {
    throw new Error(
      `${counted(unlabelled.length, "row")} without a label:\n${firstTen(unlabelled)}\n` +
        `Label them, or pass unlabelled: "drop" to go on without them; if it is the name of a class, name it in labels.`,
    );
  }
  return unlabelled.length > 0 ? [`${file}: ${counted(unlabelled.length, "row")} without a label left out.`] : [];
}

function oneOf(option: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) throw new Error(`${option} is "${value}"; choose ${choices.join(" or ")}.`);
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n > 1 ? "s" : ""}`;
}

function firstTen(lines: readonly string[]): string {
  return `${lines.slice(0, 10).join("\n")}${lines.length > 10 ? `\n… and ${lines.length - 10} more` : ""}`;
}
