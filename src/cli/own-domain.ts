import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { classroomDomain } from "../domains/classroom/generate.js";
import { type Domain, domainNames } from "../domains/domain.js";
import { domainFromFolder } from "../domains/folder.js";
import { type DomainFromTableOptions, domainFromTable } from "../domains/from-table.js";
import type { RowOptions } from "../domains/rows.js";
import { nearestName } from "../files/options.js";
import type { Values } from "./arguments.js";
import { UsageError, wordOption } from "./command.js";

const text = { type: "string" } as const;

/** The options by which every command reads a table. */
export const tableOptions = {
  ...{ text, pair: text, label: text, labels: text, split: text },
  ...{ columns: text, header: text, delimiter: text, encoding: text, quotes: text, sheet: text },
  ...{ unlabelled: text, malformed: text },
} as const;

/** What the help of those commands says of them. */
export const tableHelp = `TABLE: CSV and its kin, JSON (lines), Excel, Parquet, Arrow, a datasets folder, a domain's folder
  --text, --pair, --label, --split COLUMN   default text, none, label, none (rows are dealt out)
  --labels A,B     names of the classes in order    --columns A,B   names of the columns
  --header yes|no   --delimiter C   --encoding NAME   --quotes no   --sheet NAME
  --unlabelled drop   --malformed report   leave such rows out; otherwise they are refused by line`;

/** Whether there is a domain's folder at a path. */
export function isDomainFolder(path: string): boolean {
  return existsSync(join(path, "card.json"));
}

/**
 * Reads the domain that an argument means: a table, a domain's folder, or one of the thirteen by name, whose texts are then
 * generated. Notes on how a table was read go to `note`.
 *
 * @param labels names of the classes where the options do not give them, such as those of a head
 */
export async function readOwnDomain(
  source: string,
  values: Values<typeof tableOptions>,
  { labels, note }: { labels?: readonly string[]; note: (text: string) => void },
): Promise<Domain> {
  const known = (domainNames as readonly string[]).includes(source);
  if (!existsSync(source)) {
    if (known) {
      note(`"${source}" is a name of this project: its texts are generated, and no real ones.`);
      return classroomDomain(source);
    }
    const near = nearestName(source, domainNames);
    throw new Error(
      `There is no table, folder or domain "${source}"${near === undefined ? "" : `; the nearest domain is "${near}"`}. ` +
        `Give a path, or one of ${domainNames.join(", ")}.`,
    );
  }
  try {
    if (isDomainFolder(source)) {
      const folder = resolve(source);
      return await domainFromFolder(basename(folder), dirname(folder), rowsReading(values));
    }
    const domain = await domainFromTable(source, { ...(labels && { labels }), ...tableReading(values, note) });
    if (domain.skipped) note(`${domain.skipped.length} malformed rows were left out, the first: ${domain.skipped[0]}.`);
    return domain;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new Error(asFlags((error as Error).message), { cause: error });
  }
}

/** The options of `domainFromTable` that the flags mean. */
export function tableReading(
  values: Values<typeof tableOptions>,
  note: (text: string) => void,
): DomainFromTableOptions {
  const listOf = (list: string | undefined) => list?.split(",").map((one) => one.trim());
  const yesOrNo = (name: "header" | "quotes") => {
    const word = wordOption(name, values[name], ["yes", "no"]);
    return word === undefined ? undefined : word === "yes";
  };
  return given({
    ...{ text: values.text, textPair: values.pair, label: values.label, split: values.split },
    ...{ labels: listOf(values.labels), columns: listOf(values.columns), header: yesOrNo("header") },
    ...{ delimiter: values.delimiter?.replace("\\t", "\t"), encoding: values.encoding, quoting: yesOrNo("quotes") },
    ...{ sheet: sheetOf(values.sheet), ...rowsReading(values), onNote: (text: string) => note(asFlags(text)) },
  });
}

function rowsReading(values: Values<typeof tableOptions>): RowOptions {
  return given({
    unlabelled: wordOption("unlabelled", values.unlabelled, ["refuse", "drop"]),
    malformedRows: wordOption("malformed", values.malformed, ["refuse", "report"]),
  });
}

/** The options without those that are undefined. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function sheetOf(sheet: string | undefined): string | number | undefined {
  return sheet !== undefined && /^\d+$/.test(sheet) ? Number(sheet) : sheet;
}

/** A message of the library with its options as the command line has them. */
export function asFlags(message: string): string {
  const list = (names: string) =>
    names
      .split(",")
      .map((name) => name.trim().replace(/^"|"$/g, ""))
      .join(",");
  return message
    .replace(/\b(columns|labels): \[([^\]]*)\]/g, (_, name, names) => `--${name} ${list(names)}`)
    .replace(/\bmalformedRows: "(\w+)"/g, "--malformed $1")
    .replace(
      /\b(encoding|delimiter|sheet|unlabelled): "([^"]*)"/g,
      (_, name, value) => `--${name} ${value === "…" ? "NAME" : value}`,
    )
    .replace(/\bquoting: false\b/g, "--quotes no")
    .replace(/\bheader: (true|false)\b/g, (_, value) => `--header ${value === "true" ? "yes" : "no"}`);
}
