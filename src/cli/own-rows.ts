import { existsSync } from "node:fs";
import { type Example, type SplitName, splitNames } from "../domains/domain.js";
import { examplesFromTable } from "../domains/examples-from-table.js";
import type { Values } from "./arguments.js";
import { asFlags, isDomainFolder, readOwnDomain, type tableOptions, tableReading } from "./own-domain.js";

/** Which rows of a table are taken. */
export const rowChoices = ["dev", "test", "held-out", "train", "all"] as const;
export type RowChoice = (typeof rowChoices)[number];

/**
 * The rows of a table, folder or domain that an adapter is tested on, labels as its head has them.
 *
 * @param which a split as `signmix train` deals it out, or all rows
 */
export async function readRows(
  source: string,
  values: Values<typeof tableOptions>,
  { which, labels, note }: { which: RowChoice; labels: readonly string[]; note: (text: string) => void },
): Promise<Example[]> {
  const isTable = existsSync(source) && !isDomainFolder(source);
  if (isTable && which === "all") {
    try {
      const read = await examplesFromTable(source, { ...tableReading(values, note), labels: namesOf(values, labels) });
      for (const text of read.notes) note(asFlags(text));
      if (read.skipped.length > 0)
        note(`${read.skipped.length} malformed rows were left out, the first: ${read.skipped[0]}.`);
      return read.examples;
    } catch (error) {
      throw new Error(asFlags((error as Error).message), { cause: error });
    }
  }
  const domain = await readOwnDomain(source, values, { labels, note });
  const names = namesOf(values, labels);
  const order = domain.labels.map((label) => names.indexOf(label));
  const stray = order.indexOf(-1);
  if (stray >= 0) {
    throw new Error(
      `${source} has the label "${domain.labels[stray]}"; the adapter's head knows ${labels.slice(0, 8).join(", ")}. If they are the same classes, ` +
        "give their names in the head's order (--labels A,B).",
    );
  }
  const chosen: readonly SplitName[] =
    which === "all" ? splitNames : which === "held-out" ? ["dev", "test"] : [which as SplitName];
  return chosen.flatMap((split) => domain[split]).map((example) => ({ ...example, label: order[example.label] }));
}

/** The names that the table has for a head's classes. @throws if they are not as many */
function namesOf(values: Values<typeof tableOptions>, labels: readonly string[]): readonly string[] {
  const names = values.labels?.split(",").map((name) => name.trim()) ?? labels;
  if (names.length !== labels.length) {
    throw new Error(
      `--labels gives ${names.length} names, and the adapter's head has ${labels.length} classes: ${labels.slice(0, 8).join(", ")}.`,
    );
  }
  return names;
}
