import { readFileSync } from "node:fs";
import { amongNames } from "../files/among-names.js";
import { requireText } from "../files/arguments.js";
import { projectPath } from "../files/project.js";
import { type DomainName, domainNames, type SplitName } from "./domain.js";
import type { ExampleColumns } from "./rows.js";
import type { TableFormat } from "./table.js";

/** One file of a dataset on the hub. */
export interface CardFile {
  /** Path inside the dataset's repository. */
  path: string;
  format: TableFormat;
  /** Whether `"` quotes fields (CSV and TSV). */
  quoting?: boolean;
}

/** What is known of a real dataset: `data/domains/<name>.json`. */
export interface DomainCard {
  name: DomainName;
  title: string;
  task: string;
  /** Label names in the order of the dataset's own label numbers. */
  labels: string[];
  pair: boolean;
  hub: {
    /** Dataset id, `owner/name`. */
    id: string;
    revision: string;
    /** Whether id, files and columns were looked up and found as written here. */
    verified: boolean;
    /** Files of each split that is published; `dev` is absent where it is carved from train. */
    files: Partial<Record<SplitName, CardFile[]>>;
    columns: ExampleColumns;
    /** Label values as they stand in the files, in the order of `labels`, where they are not 0, 1, … or the names themselves. */
    labelValues?: string[];
    /** `leftOut`: rows of labels that are not listed do not belong to the task. Otherwise they are malformed. */
    otherLabels?: "leftOut";
  };
  /** Examples per published split. */
  sizes: Record<string, number>;
  /** Which split plays dev and test here, and why. */
  splits: string;
  /** Number of training examples carved off as dev, where dev is not published. */
  devFromTrain?: number;
  /** The same for test. */
  testFromTrain?: number;
  licence: string;
  citation: string;
  notes?: string;
}

/**
 * The card of one of the thirteen domains.
 * @throws Error listing the thirteen if `name` is none of them.
 */
export function domainCard(name: string): DomainCard {
  requireText(name, "domainCard takes the name of a domain");
  const known = domainNames.find((domain) => domain === name);
  if (!known) throw new Error(`There is no domain "${name}"${amongNames(name, domainNames)}.`);
  return JSON.parse(readFileSync(projectPath("data", "domains", `${known}.json`), "utf8")) as DomainCard;
}
