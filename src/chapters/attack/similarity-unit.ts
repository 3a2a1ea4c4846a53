import { calibrateSimilarity } from "../../attacks/similarity.js";
import type { Domain } from "../../domains/domain.js";
import { instructionSet } from "../../engine/instruction-set.js";
import { codeHash } from "../../results/code-hash.js";
import type { Outcome } from "../../results/plan.js";
import type { Row, Unit } from "../../results/unit.js";
import type { Study } from "../../study/study.js";

/** The row of a `similarity` unit: how similar an attacked text must stay, in the space of the study's encoder. */
export interface SimilarityRow extends Row {
  /** Pairs of paraphrases that it was calibrated on. */
  pairs: number;
  /** The 5th percentile of their similarity. */
  threshold: number;
  ran: string;
}

/** The labels by which domains of paraphrases call them that. */
const positive = ["equivalent", "duplicate"];

/** The unit that calibrates the threshold on the paraphrases among the dev examples of some domains. */
export function similarityUnit(study: Study, domains: readonly Domain[]): Unit {
  const { batchSize, maxLength } = study.settings;
  return {
    kind: "similarity",
    settings: {
      encoder: study.encoder.hash.slice(0, 32),
      domains: domains.map(({ name, hash }) => ({ name, hash: hash.slice(0, 32) })),
      ...{ batchSize, maxLength },
    },
    code: codeHash(["chapters/attack/similarity-unit.js", "text/tokenizer.js"]).slice(0, 32),
  };
}

/** Calibrates the threshold of a unit. */
export async function runSimilarityUnit(unit: Unit, study: Study): Promise<Outcome> {
  const settings = unit.settings as unknown as {
    domains: { name: string }[];
    batchSize: number;
    maxLength: number;
  };
  const { batchSize, maxLength } = settings;
  const domains = await Promise.all(settings.domains.map(({ name }) => study.domain(name)));
  const pairs = domains.flatMap(paraphrasesOf);
  const row: SimilarityRow = {
    pairs: pairs.length,
    threshold: Number(calibrateSimilarity(study.encoder, pairs, { batchSize, maxLength }).toFixed(6)),
    ran: `${study.backend.name} ${instructionSet()}`,
  };
  return { row };
}

/** @throws naming the domain, if it is not one of paraphrases */
function paraphrasesOf({ name, labels, dev }: Domain): [string, string][] {
  const label = labels.findIndex((one) => positive.includes(one));
  if (label < 0) {
    throw new Error(`"${name}" is no domain of paraphrases: none of its labels is ${positive.join(" or ")}.`);
  }
  return dev.filter((example) => example.label === label).map(({ text, textPair = "" }) => [text, textPair]);
}
