import type { Example } from "./domain.js";
import { type DomainFromTableOptions, requireColumns } from "./from-table.js";
import { examplesFromRows, refuseRows } from "./rows.js";
import { swallowedRows } from "./swallowed-rows.js";
import { readTable } from "./table.js";

/** Labelled rows of a table in the order of the file. */
export interface TableExamples {
  examples: Example[];
  /** How the file was read, where that is out of the ordinary, and what was left out. */
  notes: string[];
  /** Malformed rows that were left out because the caller allowed it. */
  skipped: string[];
}

/**
 * Reads every labelled row of a table, to test something on it: nothing is dealt out to splits, so that a label may be rare or
 * absent.
 *
 * @param options those of `domainFromTable`, with the names of all labels
 * @throws as `domainFromTable` does
 */
export async function examplesFromTable(
  path: string,
  options: DomainFromTableOptions & { labels: readonly string[] },
): Promise<TableExamples> {
  const { text = "text", textPair, label = "label", labels } = options;
  const columns = { text, label, ...(textPair !== undefined && { textPair }) };
  const needed = Object.values(columns);
  const table = await readTable(path, options, needed);
  requireColumns(path, table, needed);
  const read = examplesFromRows(swallowedRows(table.rows, table, columns, labels), path, columns, labels);
  const notes = [...table.notes, ...refuseRows(read, options, path)];
  if (read.examples.length === 0) throw new Error(`${path} has no labelled row to test on.`);
  return { examples: read.examples, notes, skipped: read.problems };
}
