import { join } from "node:path";
import { createRandom } from "../engine/random.js";
import { downloadFromHub, type HubOptions } from "../files/hub.js";
import { type CardFile, type DomainCard, domainCard } from "./card.js";
import { createDomain, type Domain, type Example, splitNames } from "./domain.js";
import { examplesFromRows, type RowOptions, refuseRows } from "./rows.js";
import { subsample } from "./subsample.js";
import { readTable } from "./table.js";

/** How a domain is read from the hub. */
export interface DomainFromHubOptions extends RowOptions {
  /** Where and how to download: cache, mirror, progress. */
  hub?: Omit<HubOptions, "kind" | "revision">;
}

/**
 * Takes one of the thirteen real datasets from the hub, as its card says, into the cache, and reads it. Splits that are
 * not published are carved from train, label by label, always with the same seed.
 * @throws Error if the hub cannot be reached or lacks a file, or a row is malformed; it names the card's id and the remedy.
 */
export async function domainFromHub(name: string, options: DomainFromHubOptions = {}): Promise<Domain> {
  const card = domainCard(name);
  const folder = await download(card, options);
  const left = { problems: [] as string[], unlabelled: [] as string[] };
  const read = async (files: readonly CardFile[] = []): Promise<Example[]> => {
    const examples: Example[] = [];
    for (const file of files) {
      // what the card says of the file, nothing found out
      const { format, quoting } = file;
      const delimiter = format === "tsv" ? "\t" : ",";
      const table = await readTable(
        join(folder, ...file.path.split("/")),
        { format, quoting, delimiter },
        Object.values(card.hub.columns),
      );
      const result = examplesFromRows(
        table.rows,
        `${card.hub.id}/${file.path}`,
        card.hub.columns,
        card.hub.labelValues ?? card.labels,
        card.hub,
      );
      for (const example of result.examples) examples.push(example);
      for (const problem of result.problems) left.problems.push(problem);
      for (const row of result.unlabelled) left.unlabelled.push(row);
    }
    return examples;
  };
  const { train, dev, test } = card.hub.files;
  const whole = { train: await read(train), dev: await read(dev), test: await read(test) };
  const notes = refuseRows(left, options, card.hub.id);
  const splits = carve(whole, card);
  for (const split of splitNames) {
    if (splits[split].length === 0)
      throw new Error(`${card.hub.id} gave no ${split} examples; see data/domains/${name}.json.`);
  }
  const domain = createDomain({ name, labels: card.labels, ...splits, source: card.hub.id });
  return {
    ...domain,
    ...(notes.length > 0 && { notes }),
    ...(left.problems.length > 0 && { skipped: left.problems }),
  };
}

async function download({ name, hub }: DomainCard, options: DomainFromHubOptions): Promise<string> {
  const files = splitNames.flatMap((split) => (hub.files[split] ?? []).map(({ path }) => path));
  try {
    return await downloadFromHub(hub.id, files, { ...options.hub, kind: "dataset", revision: hub.revision });
  } catch (error) {
    const doubt = hub.verified
      ? ""
      : ` The id and files in data/domains/${name}.json could not be looked up when written.`;
    throw new Error(
      `Cannot get "${name}" from the hub: ${(error as Error).message}${doubt} Without a network, set SIGNMIX_DATA to a ` +
        `folder that holds ${name}/card.json and ${name}/{train,dev,test}.jsonl, or use data: "classroom".`,
      { cause: error },
    );
  }
}

type Splits = Record<"train" | "dev" | "test", Example[]>;

/** Fills the splits that the dataset lacks from train, test first. */
function carve(splits: Splits, card: DomainCard): Splits {
  const carved = { ...splits };
  for (const [split, size] of [
    ["test", card.testFromTrain],
    ["dev", card.devFromTrain],
  ] as const) {
    if (size === undefined || carved[split].length > 0) continue;
    const random = createRandom(`${card.name}/${split} from train`);
    const taken = new Set(subsample(carved.train, size, random, { balance: "proportional" }));
    carved[split] = [...taken];
    carved.train = carved.train.filter((example) => !taken.has(example));
  }
  return carved;
}
