import { dealMissing } from "../domains/deal-out.js";
import { type SplitName, splitNames } from "../domains/domain.js";
import { requireColumns } from "../domains/from-table.js";
import { refuseRows } from "../domains/rows.js";
import { readTable, type TableOptions, tableOptionNames } from "../domains/table.js";
import { cellOf, type TableRow } from "../domains/table-row.js";
import { requireText } from "../files/arguments.js";
import { checkOptions } from "../files/options.js";
import { shownValue } from "../files/shown.js";
import type { ScoredExample } from "./regression.js";
import type { TaskDomain } from "./task.js";
import { taskDomain } from "./task-domain.js";

/** How a domain of scores is read from tables. */
export interface ScoredOptions extends TableOptions {
  /** Default: "scores". */
  name?: string;
  /** Column of the text. Default "text". */
  text?: string;
  /** Column of the second text, for pairs. */
  textPair?: string;
  /** Column of the number. Default "score". */
  score?: string;
  /** Seed by which dev and test are dealt out where their tables are not given. Default "split". */
  seed?: string | number;
}

/**
 * Makes a regression domain of a table with a number in each row: one file, of which a tenth becomes dev and a fifth test, or a
 * file for train and any of the others. Equal texts go to one split together.
 *
 * @throws Error naming the file, the line and the value where a row has no text, or no finite number
 */
export async function scoredFromTable(
  files: string | Partial<Record<SplitName, string>>,
  options: ScoredOptions = {},
): Promise<TaskDomain<ScoredExample>> {
  checkOptions(
    options,
    { ...tableOptionNames, name: true, text: true, textPair: true, score: true, seed: true },
    "scoredFromTable",
  );
  const given = typeof files === "string" ? { train: files } : files;
  requireText(given?.train, "scoredFromTable takes the path of a file, or { train, dev, test }");
  const read = async (file: string | undefined) => (file === undefined ? [] : await readScored(file, options));
  const { name = "scores", seed = "split" } = options;
  const whole = { train: await read(given.train), dev: await read(given.dev), test: await read(given.test) };
  const { parts: dealt } = dealMissing(whole, { shares: { dev: 0.1, test: 0.2 }, seed });
  const withoutLabel = ({ label: _, ...example }: Dealt): ScoredExample => example;
  const parts = {
    train: dealt.train.map(withoutLabel),
    dev: dealt.dev.map(withoutLabel),
    test: dealt.test.map(withoutLabel),
  };
  if (splitNames.some((split) => parts[split].length === 0)) {
    throw new Error(
      `${given.train} has too few rows to deal out train, dev and test: give ten or more, of different texts.`,
    );
  }
  const [{ score: first }] = parts.train;
  if (parts.train.every(({ score }) => score === first)) {
    throw new Error(
      `${given.train}: every score is ${first}, so that there is nothing to learn; name another column (score).`,
    );
  }
  return taskDomain({ name, task: "regression", outputs: ["score"], ...parts, source: given.train as string });
}

/** A scored example as rows are dealt out: all are of one label. */
type Dealt = ScoredExample & { label: 0 };

async function readScored(file: string, options: ScoredOptions): Promise<Dealt[]> {
  const { text = "text", textPair, score = "score", name: _, seed: __, ...reading } = options;
  const needed = [text, score, ...(textPair === undefined ? [] : [textPair])];
  const table = await readTable(file, reading, needed);
  requireColumns(file, table, needed);
  const problems: string[] = [];
  const examples: Dealt[] = [];
  for (const row of table.rows) {
    const read = row.problem ?? exampleOf(row, { text, textPair, score });
    if (typeof read === "string") problems.push(`${file}, line ${row.line}: ${read}`);
    else examples.push(read);
  }
  refuseRows({ problems, unlabelled: [] }, {}, file);
  return examples;
}

/** A row as an example, or why it is none. */
function exampleOf(row: TableRow, columns: { text: string; textPair?: string; score: string }): Dealt | string {
  const texts = [columns.text, columns.textPair].flatMap((column) => (column === undefined ? [] : [column]));
  for (const column of texts) {
    const value = cellOf(row, column);
    if (typeof value !== "string" || value.trim() === "") return `"${column}" is ${shownValue(value)}, not a text`;
  }
  const [text, textPair] = texts.map((column) => cellOf(row, column) as string);
  const value = cellOf(row, columns.score);
  const isWritten = typeof value === "bigint" || (typeof value === "string" && value.trim() !== "");
  const score = isWritten ? Number(value) : value;
  if (typeof score === "number" && Number.isFinite(score)) {
    return { text, ...(textPair !== undefined && { textPair }), score, label: 0 };
  }
  const comma = typeof value === "string" && /^\s*-?\d+,\d+\s*$/.test(value) ? "; decimals take a point" : "";
  return `"${columns.score}" is ${shownValue(value)}, not a finite number${comma}`;
}
