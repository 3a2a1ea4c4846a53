import { createHash } from "node:crypto";
import { hasFields, refuseArgument, requireList } from "../files/arguments.js";
import { requireOptions } from "../files/options.js";
import { shown, shownValue } from "../files/shown.js";

/** The thirteen domains of the study, in the order in which every table and figure shows them. */
export const domainNames = [
  "mnli",
  "qnli",
  "rte",
  "mrpc",
  "qqp",
  "sst2",
  "rct",
  "ag_news",
  "authorship",
  "financial",
  "imdb",
  "tweets",
  "toxic",
] as const;

/** One of the thirteen. A user's own domain may have any other name. */
export type DomainName = (typeof domainNames)[number];

/** One labelled text, or pair of texts. */
export interface Example {
  text: string;
  /** The second text of a pair: hypothesis, answer sentence, paraphrase. Absent in single-text domains. */
  textPair?: string;
  /** Index into the domain's `labels`. */
  label: number;
}

/** The three parts of a domain. Nothing is ever chosen on `test`. */
export const splitNames = ["train", "dev", "test"] as const;
/** The three parts of a domain. */
export type SplitName = (typeof splitNames)[number];

/** A classification dataset. */
export interface Domain {
  name: string;
  /** Label names; an example's `label` is an index into this list. */
  labels: string[];
  /** Whether every example has a `textPair`. */
  pair: boolean;
  train: Example[];
  dev: Example[];
  test: Example[];
  /** Where the examples come from: `classroom` (generated), or the folder, file or hub id they were read from. */
  source: string;
  /** SHA-256 of labels and examples, so that results can name exactly the data they were made from. */
  hash: string;
  /** Malformed rows that were left out because the caller allowed it: `file, line n: why`. */
  skipped?: string[];
  /** What was found out about the file and is out of the ordinary: a guessed encoding, rows without a label, … */
  notes?: string[];
}

/** SHA-256 (hex) of a domain's labels and examples, in order. Name and source do not count. */
export function domainHash(domain: Pick<Domain, "labels" | SplitName>): string {
  const hash = createHash("sha256").update(JSON.stringify(domain.labels));
  for (const split of splitNames) {
    for (const { text, textPair, label } of domain[split]) {
      hash.update(JSON.stringify([split, label, text, textPair ?? null]));
    }
  }
  return hash.digest("hex");
}

/**
 * Makes a domain of its parts, after checking them.
 * @throws Error that names the split and the example (counted from 1) if a text is empty, a label is not an index into
 * `labels`, or some examples are pairs and others are not.
 */
export function createDomain(parts: Omit<Domain, "pair" | "hash">): Domain {
  requireOptions(parts, "createDomain", "name");
  requireParts(parts);
  const first = parts.train[0] ?? parts.test[0] ?? parts.dev[0];
  const pair = first?.textPair !== undefined;
  if (parts.labels.length < 2) {
    throw new Error(`Domain "${parts.name}" needs at least two labels, not ${parts.labels.length}.`);
  }
  for (const split of splitNames) {
    parts[split].forEach((example, i) => {
      const where = `Domain "${parts.name}", ${split} example ${i + 1}`;
      for (const text of [example?.text, ...(pair ? [example?.textPair ?? ""] : [])])
        if (typeof text !== "string") throw new Error(`${where}: ${shownValue(text)} is no text.`);
      if (example.text.trim() === "") throw new Error(`${where}: the text is empty.`);
      if ((example.textPair !== undefined) !== pair) {
        throw new Error(`${where}: ${pair ? "lacks" : "has"} a second text, unlike the first example.`);
      }
      if (pair && example.textPair?.trim() === "") throw new Error(`${where}: the second text is empty.`);
      if (!(Number.isInteger(example.label) && example.label >= 0 && example.label < parts.labels.length)) {
        throw new Error(
          `${where}: label ${shownValue(example.label)} is not an index into its ${parts.labels.length} labels.`,
        );
      }
    });
  }
  return { ...parts, pair, hash: domainHash(parts) };
}

/** Refuses what is no domain. */
export function requireDomain(value: unknown, whose: string): void {
  // a study of stored rows alone says at its dev texts that they are not at hand
  if (hasFields(value, { name: "text", labels: "list", dev: "list", test: "list", train: "list" })) return;
  refuseArgument(value, `${whose} takes a domain, as loadDomain or domainFromTable give it (await them)`);
}

/** Refuses what is no list of examples; an empty one is for the caller to judge. */
export function requireExamples(value: unknown, whose: string): void {
  requireList(value, `${whose} takes a list of examples { text, label }, such as domain.test`, (one) =>
    hasFields(one, { text: "text" }),
  );
}

/** Refuses parts that a domain's examples cannot be read from, and labels that are told apart by their place alone. */
function requireParts({ name, labels, ...splits }: Omit<Domain, "pair" | "hash">): void {
  if (typeof name !== "string") refuseArgument(name, "A domain's name is a text");
  requireList(labels, `Domain "${name}" needs a list of labels`);
  for (const [i, label] of labels.entries()) {
    const remedy = "labels are names, each once";
    if (typeof label !== "string") throw new Error(`Domain "${name}" has the label ${shownValue(label)}; ${remedy}.`);
    if (labels.indexOf(label) !== i)
      throw new Error(`Domain "${name}" has the label "${shown(label)}" twice; ${remedy}.`);
  }
  for (const split of splitNames) requireList(splits[split], `Domain "${name}" needs a list of examples as ${split}`);
}
