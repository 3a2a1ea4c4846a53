import { openUniversalSentenceEncoder } from "../../attacks/universal-sentence-encoder.js";
import { hasUniversalSentenceEncoder } from "../../attacks/universal-sentence-files.js";
import { defineUnit, domainKey, type Ran } from "../../study/define-unit.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";

/** Where a domain's texts lie in the space of the Universal Sentence Encoder. */
export interface SentenceResult {
  domain: string;
  texts: number;
  /** Mean of the texts' vectors. [512] */
  embedding: number[];
}

/** The row of a `sentence` unit. */
export type SentenceRow = Ran<SentenceResult>;

/** Embeds the first training texts of a domain, those of a pair in one. */
export const sentenceUnit = defineUnit({
  kind: "sentence",
  module: import.meta.url,
  async settings(study, domain: string) {
    const { similarityTexts } = study.settings;
    return { domain: domainKey(await study.domain(domain)), texts: similarityTexts };
  },
  async run(study, { domain: named, texts }): Promise<SentenceResult> {
    const domain = await study.domain(named.name);
    const examples = domain.train.slice(0, texts);
    const encoder = openUniversalSentenceEncoder();
    try {
      const vectors = encoder.embed(examples.map(({ text, textPair = "" }) => `${text} ${textPair}`.trim()));
      const sums = new Float64Array(vectors[0].length); // [512]
      for (const vector of vectors) for (const [i, value] of vector.entries()) sums[i] += value;
      const embedding = Array.from(sums, (sum) => Math.fround(sum / vectors.length));
      return { domain: domain.name, texts: examples.length, embedding };
    } finally {
      encoder.dispose();
    }
  },
});

/** The rows of these domains, where they are stored or the encoder is set up; undefined elsewhere. */
export async function sentencesAtHand(
  study: Study,
  domains: readonly string[],
  options: RunOptions = {},
): Promise<SentenceRow[] | undefined> {
  for (const domain of domains) {
    if (hasUniversalSentenceEncoder()) break;
    if (!study.store.get(await sentenceUnit.unit(study, domain))) return undefined;
  }
  return sentenceUnit.rows(study, domains, options);
}
