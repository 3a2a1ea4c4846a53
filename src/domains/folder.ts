import { access } from "node:fs/promises";
import { join } from "node:path";
import { requireText } from "../files/arguments.js";
import { readJsonObject } from "../files/json.js";
import { requireOptions } from "../files/options.js";
import { terminalText } from "../files/shown.js";
import { createDomain, type Domain, type Example, type SplitName, splitNames } from "./domain.js";
import { examplesFromRows, type RowOptions, refuseRows } from "./rows.js";
import { readTable, tableFormats } from "./table.js";

/**
 * Reads the domain in `<data>/<name>/`: `train`, `dev` and `test` as .jsonl, .csv, .tsv, .parquet, … with the columns
 * `text`, `text_pair` (pairs only) and `label`, and `card.json` with `labels` (in order) and `pair`.
 * @throws Error naming the file, and the line for a malformed row, with the remedy.
 */
export async function domainFromFolder(name: string, data: string, options: RowOptions = {}): Promise<Domain> {
  requireText(name, "domainFromFolder takes the name of a domain");
  requireText(data, "domainFromFolder takes the path of the data folder, second");
  requireOptions(options, "domainFromFolder", "malformedRows");
  const folder = join(data, name);
  const card = await readFolderCard(folder);
  const columns = { text: "text", label: "label", ...(card.pair && { textPair: "text_pair" }) };
  const splits: Partial<Record<SplitName, Example[]>> = {};
  const left = { problems: [] as string[], unlabelled: [] as string[] };
  const notes: string[] = [];
  for (const split of splitNames) {
    const path = await splitFile(folder, split);
    const table = await readTable(path, {}, Object.values(columns));
    const read = examplesFromRows(table.rows, path, columns, card.labels);
    splits[split] = read.examples;
    for (const problem of read.problems) left.problems.push(problem);
    for (const row of read.unlabelled) left.unlabelled.push(row);
    notes.push(...table.notes);
  }
  notes.push(...refuseRows(left, options, folder));
  const { train = [], dev = [], test = [] } = splits;
  const domain = createDomain({ name, labels: card.labels, train, dev, test, source: folder });
  for (const note of notes) console.warn(terminalText(note));
  return {
    ...domain,
    ...(notes.length > 0 && { notes }),
    ...(left.problems.length > 0 && { skipped: left.problems }),
  };
}

async function readFolderCard(folder: string): Promise<{ labels: string[]; pair: boolean }> {
  const path = join(folder, "card.json");
  let card: { labels?: unknown; pair?: unknown };
  try {
    card = readJsonObject(path);
  } catch (error) {
    throw new Error(
      `${(error as Error).message} A data folder holds <domain>/card.json with "labels" and ` +
        `"pair", beside train.jsonl, dev.jsonl and test.jsonl.`,
    );
  }
  if (!Array.isArray(card.labels) || card.labels.some((label) => typeof label !== "string")) {
    throw new Error(`${path}: "labels" must be a list of label names.`);
  }
  return { labels: card.labels as string[], pair: card.pair === true };
}

async function splitFile(folder: string, split: SplitName): Promise<string> {
  for (const format of tableFormats) {
    const path = join(folder, `${split}.${format}`);
    if (
      await access(path)
        .then(() => true)
        .catch(() => false)
    )
      return path;
  }
  throw new Error(`${folder} holds no ${split} split; looked for ${split}.${tableFormats.join(`, ${split}.`)}.`);
}
