import { access } from "node:fs/promises";
import { join } from "node:path";
import { readJsonObject } from "../files/json.js";
import { createDomain, type Domain, type Example, type SplitName, splitNames } from "./domain.js";
import { examplesFromRows, refuseProblems } from "./rows.js";
import { readTable, tableFormats } from "./table.js";

export interface MalformedRowOptions {
  /** `refuse` (default) throws at malformed rows; `report` goes on without them and lists them in `domain.skipped`. */
  malformedRows?: "refuse" | "report";
}

/**
 * Reads the domain in `<data>/<name>/`: `train`, `dev` and `test` as .jsonl, .csv, .tsv or .parquet with the columns
 * `text`, `text_pair` (pairs only) and `label`, and `card.json` with `labels` (in order) and `pair`.
 * @throws Error naming the file, and the line for a malformed row, with the remedy.
 */
export async function domainFromFolder(
  name: string,
  data: string,
  { malformedRows = "refuse" }: MalformedRowOptions = {},
): Promise<Domain> {
  const folder = join(data, name);
  const card = await readFolderCard(folder);
  const columns = { text: "text", label: "label", ...(card.pair && { textPair: "text_pair" }) };
  const splits: Partial<Record<SplitName, Example[]>> = {};
  const problems: string[] = [];
  for (const split of splitNames) {
    const path = await splitFile(folder, split);
    const read = examplesFromRows(await readTable(path), path, columns, card.labels);
    splits[split] = read.examples;
    problems.push(...read.problems);
  }
  refuseProblems(problems, malformedRows === "report");
  const { train = [], dev = [], test = [] } = splits;
  const domain = createDomain({ name, labels: card.labels, train, dev, test, source: folder });
  return problems.length > 0 ? { ...domain, skipped: problems } : domain;
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
