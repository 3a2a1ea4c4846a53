import { calibrateSimilarity } from "../../attacks/similarity.js";
import type { Domain } from "../../domains/domain.js";
import { defineUnit, domainKey, type Ran } from "../../study/define-unit.js";

/** How similar an attacked text must stay, in the space of the study's encoder. */
export interface SimilarityResult {
  /** Pairs of paraphrases that it was calibrated on. */
  pairs: number;
  /** The 5th percentile of their similarity. */
  threshold: number;
}

/** The row of a `similarity` unit. */
export type SimilarityRow = Ran<SimilarityResult>;

/** The labels by which domains of paraphrases call them that. */
const positive = ["equivalent", "duplicate"];

/** Calibrates the threshold on the paraphrases among the dev examples of some domains. */
export const similarityUnit = defineUnit({
  kind: "similarity",
  module: import.meta.url,
  async settings(study, domains: readonly string[]) {
    const { batchSize, maxLength } = study.settings;
    const loaded = await Promise.all(domains.map((name) => study.domain(name)));
    return { domains: loaded.map(domainKey), batchSize, maxLength };
  },
  async run(study, { domains: named, batchSize, maxLength }): Promise<SimilarityResult> {
    const domains = await Promise.all(named.map(({ name }) => study.domain(name)));
    const pairs = domains.flatMap(paraphrasesOf);
    const threshold = calibrateSimilarity(study.encoder, pairs, { batchSize, maxLength });
    return { pairs: pairs.length, threshold: Number(threshold.toFixed(6)) };
  },
});

/** @throws naming the domain, if it is not one of paraphrases */
function paraphrasesOf({ name, labels, dev }: Domain): [string, string][] {
  const label = labels.findIndex((one) => positive.includes(one));
  if (label < 0) {
    throw new Error(`"${name}" is no domain of paraphrases: none of its labels is ${positive.join(" or ")}.`);
  }
  return dev.filter((example) => example.label === label).map(({ text, textPair = "" }) => [text, textPair]);
}
