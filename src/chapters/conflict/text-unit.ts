import { defineUnit, domainKey, type Ran } from "../../study/define-unit.js";
import { textEmbedding } from "../../training/text-embedding.js";

/** Where a domain's texts lie in the frozen encoder's space. */
export interface TextResult {
  domain: string;
  texts: number;
  /** Mean over the texts of the mean over their tokens' last hidden states. [hidden] */
  embedding: number[];
}

/** The row of a `text` unit. */
export type TextRow = Ran<TextResult>;

/** Embeds the first training texts of a domain. */
export const textUnit = defineUnit({
  kind: "text",
  module: import.meta.url,
  async settings(study, domain: string) {
    const { batchSize, maxLength, similarityTexts } = study.settings;
    return { domain: domainKey(await study.domain(domain)), texts: similarityTexts, batchSize, maxLength };
  },
  async run(study, { domain: named, texts, batchSize, maxLength }): Promise<TextResult> {
    const domain = await study.domain(named.name);
    const examples = domain.train.slice(0, texts);
    const embedding = Array.from(textEmbedding(study.encoder, examples, { batchSize, maxLength }));
    return { domain: domain.name, texts: examples.length, embedding };
  },
});
