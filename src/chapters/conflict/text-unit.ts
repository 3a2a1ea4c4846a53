import type { Domain } from "../../domains/domain.js";
import { instructionSet } from "../../engine/instruction-set.js";
import { codeHash } from "../../results/code-hash.js";
import type { Outcome } from "../../results/plan.js";
import type { Row, Unit } from "../../results/unit.js";
import type { Study } from "../../study/study.js";
import { textEmbedding } from "../../training/text-embedding.js";

/** The row of a `text` unit: where a domain's texts lie in the frozen encoder's space. */
export interface TextRow extends Row {
  domain: string;
  texts: number;
  /** Mean over the texts of the mean over their tokens' last hidden states. [hidden] */
  embedding: number[];
  ran: string;
}

/** The unit that embeds the first training texts of a domain. */
export function textUnit(study: Study, domain: Domain): Unit {
  const { batchSize, maxLength, similarityTexts } = study.settings;
  return {
    kind: "text",
    settings: {
      encoder: study.encoder.hash.slice(0, 32),
      domain: { name: domain.name, hash: domain.hash.slice(0, 32) },
      texts: similarityTexts,
      ...{ batchSize, maxLength },
    },
    code: codeHash(["chapters/conflict/text-unit.js", "text/tokenizer.js"]).slice(0, 32),
  };
}

/** Embeds the texts of a unit. */
export async function runTextUnit(unit: Unit, study: Study): Promise<Outcome> {
  const {
    domain: named,
    texts,
    batchSize,
    maxLength,
  } = unit.settings as unknown as {
    domain: { name: string };
    texts: number;
    batchSize: number;
    maxLength: number;
  };
  const domain = await study.domain(named.name);
  const examples = domain.train.slice(0, texts);
  const row: TextRow = {
    domain: domain.name,
    texts: examples.length,
    embedding: Array.from(textEmbedding(study.encoder, examples, { batchSize, maxLength })),
    ran: `${study.backend.name} ${instructionSet()}`,
  };
  return { row };
}
