import { join } from "node:path";
import { writeFileAtomic, writeJsonAtomic } from "../files/atomic.js";
import { jsonText } from "../files/json-text.js";
import { type Domain, splitNames } from "./domain.js";

/**
 * Writes a domain as a folder that `domainFromFolder` reads: `card.json`, and `train`, `dev` and `test` as JSON lines with
 * the columns `text`, `text_pair` (pairs only) and `label`, by name.
 *
 * @param card what the card says beside labels and pair, such as where the rows come from
 */
export function writeDomainFolder(domain: Domain, folder: string, card: Readonly<Record<string, unknown>> = {}): void {
  const { name, labels, pair, hash } = domain;
  for (const split of splitNames) {
    const lines = domain[split].map(({ text, textPair, label }) =>
      jsonText({ text, ...(textPair !== undefined && { text_pair: textPair }), label: labels[label] }),
    );
    writeFileAtomic(join(folder, `${split}.jsonl`), lines.map((line) => `${line}\n`).join(""));
  }
  const sizes = Object.fromEntries(splitNames.map((split) => [split, domain[split].length]));
  writeJsonAtomic(join(folder, "card.json"), { name, ...card, labels, pair, sizes, hash });
}
