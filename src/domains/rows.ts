import type { Example } from "./domain.js";
import type { TableRow } from "./table.js";

/** Which columns of a table make an example. */
export interface ExampleColumns {
  text: string;
  textPair?: string;
  label: string;
}

/** What one file of a dataset gives. */
export interface ReadExamples {
  examples: Example[];
  /** One line per row that is no example: `file, line n: why`. */
  problems: string[];
}

/**
 * Turns table rows into examples. A label is a name from `labels`, or an index into it (number, bigint, or digits).
 * A row that is no example (missing or empty text, unknown label) is reported in `problems`, never silently dropped.
 * With `otherLabels: "leftOut"` rows of another label than those listed are no problem, and give no example.
 */
export function examplesFromRows(
  rows: readonly TableRow[],
  file: string,
  columns: ExampleColumns,
  labels: readonly string[],
  options: { otherLabels?: "leftOut" } = {},
): ReadExamples {
  const examples: Example[] = [];
  const problems: string[] = [];
  const indexOf = new Map(labels.map((name, i) => [name, i]));
  for (const row of rows) {
    const problem = row.problem ?? rowProblem(row.values, columns);
    const label = problem === undefined ? labelIndex(row.values[columns.label], indexOf) : undefined;
    if (label !== undefined) {
      const text = String(row.values[columns.text]);
      const textPair = columns.textPair === undefined ? undefined : String(row.values[columns.textPair]);
      examples.push(textPair === undefined ? { text, label } : { text, textPair, label });
    } else if (problem !== undefined || options.otherLabels !== "leftOut") {
      const shown = JSON.stringify(String(row.values[columns.label])).slice(0, 40);
      const unknown = `has the label ${shown}; known are ${labels.join(", ")} and their numbers from 0`;
      problems.push(`${file}, line ${row.line}: ${problem ?? unknown}`);
    }
  }
  return { examples, problems };
}

function rowProblem(values: Record<string, unknown>, columns: ExampleColumns): string | undefined {
  for (const column of [columns.text, columns.textPair]) {
    if (column === undefined) continue;
    const value = values[column];
    if (value === undefined) return `has no column "${column}"; it has ${Object.keys(values).join(", ") || "none"}`;
    if (typeof value !== "string") return `"${column}" is ${value === null ? "null" : `a ${typeof value}`}, not text`;
    if (value.trim() === "") return `"${column}" is empty`;
  }
  return values[columns.label] === undefined || values[columns.label] === null
    ? `has no label in column "${columns.label}"`
    : undefined;
}

function labelIndex(value: unknown, indexOf: ReadonlyMap<string, number>): number | undefined {
  const named = indexOf.get(String(value).trim());
  if (named !== undefined) return named;
  const number = typeof value === "string" && /^\d+$/.test(value.trim()) ? Number(value) : value;
  const index = typeof number === "bigint" ? Number(number) : number;
  return typeof index === "number" && Number.isInteger(index) && index >= 0 && index < indexOf.size ? index : undefined;
}

/**
 * Stops at malformed rows, or lets them go where that was asked for.
 * @throws Error listing the first ten problems.
 */
export function refuseProblems(problems: readonly string[], allowed: boolean): void {
  if (problems.length === 0 || allowed) return;
  const more = problems.length > 10 ? `\n… and ${problems.length - 10} more` : "";
  throw new Error(
    `${problems.length} malformed row${problems.length > 1 ? "s" : ""}:\n${problems.slice(0, 10).join("\n")}${more}\n` +
      `Mend them, or pass malformedRows: "report" to go on without them.`,
  );
}
