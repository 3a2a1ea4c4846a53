import type { Domain, Example } from "../../domains/domain.js";
import { canonicalJson, sha256 } from "../../files/hash.js";
import { packBits } from "../../results/bits.js";
import { defineUnit, domainKey, encoderKey, type Ran } from "../../study/define-unit.js";
import { kept } from "../../study/kept.js";
import { type ClassifierRecipe, classifierOf, modulesOf } from "../../study/recipe.js";
import type { Study } from "../../study/study.js";
import { shareOf } from "../../study/verdicts.js";
import { createEvaluator } from "../../training/evaluate.js";
import type { SimilarityThreshold } from "./attack-similarity.js";
import { attackedExampleOf, type TextFoolerRow, textFoolerUnits } from "./textfooler-unit.js";

/** A classifier on the texts that an attack on another one left. */
export interface AttackedResult {
  /** On the attacked texts. */
  accuracy: number;
  /** On the same examples, clean. */
  cleanAccuracy: number;
  correct: string;
  cleanCorrect: string;
}

/** The row of an `attacked` unit. */
export type AttackedRow = Ran<AttackedResult>;

/** Texts of a domain that TextFooler attacked, by the units that hold them. */
export interface AttackedTexts {
  /** The classifier that they were made against. */
  victim: ClassifierRecipe;
  /** What compared them, and how similar they had to stay. */
  similarity: SimilarityThreshold;
  /** Hash of all substitutions, which tells one set from another. */
  hash: string;
}

/** The hash of a set of attacked texts by its rows, in order. */
export function textsHash(rows: readonly TextFoolerRow[]): string {
  return sha256(canonicalJson(rows.map(({ substitutions }) => substitutions))).slice(0, 32);
}

/** Tests a classifier on attacked texts and on the clean ones. */
export const attackedUnit = defineUnit({
  kind: "attacked",
  module: import.meta.url,
  async settings(study, input: { domain: string; tested: ClassifierRecipe; texts: AttackedTexts }) {
    const { batchSize, maxLength, attackRows } = study.settings;
    const { tested, texts } = input;
    const domain = await study.domain(input.domain);
    return {
      ...{ domain: domainKey(domain), tested, texts, rows: Math.min(attackRows, domain.test.length) },
      ...{ batchSize: Math.min(batchSize, attackRows), maxLength },
    };
  },
  uses: ({ tested }) => modulesOf(tested.recipe),
  async run(study, { domain: named, tested, texts, batchSize, maxLength }): Promise<AttackedResult> {
    const domain = await study.domain(named.name);
    const { adapter, head } = await classifierOf(study, tested);
    const plan = { adapter: adapter?.config, head: head.config };
    const parts = ["attacked", encoderKey(study), domain.hash, texts.hash, JSON.stringify(plan), batchSize, maxLength];
    const evaluator = await kept(parts, async () => {
      const stored = await storedTexts(study, domain, texts);
      const examples = [...domain.test.slice(0, stored.length), ...stored];
      return createEvaluator(study.encoder, examples, plan, { batchSize, maxLength });
    });
    const { predictions } = evaluator.run(adapter, head);
    const rows = predictions.length / 2;
    const right = predictions.map((label, i) => label === domain.test[i % rows].label);
    const [clean, attacked] = [right.slice(0, rows), right.slice(rows)];
    return {
      ...{ accuracy: shareOf(attacked), cleanAccuracy: shareOf(clean) },
      ...{ correct: packBits(attacked), cleanCorrect: packBits(clean) },
    };
  },
});

/**
 * The attacked texts of a domain, from the stored rows.
 * @throws if some are not stored, or are others than the hash says
 */
async function storedTexts(
  study: Study,
  domain: Domain,
  { victim, similarity, hash }: AttackedTexts,
): Promise<Example[]> {
  const units = await textFoolerUnits(study, domain, victim, similarity);
  // The hash names the texts, so rows of an older state of the code will do: adoption may come to them later.
  const known = new Map(study.store.all("textfooler").map(({ unit, row }) => [canonicalJson(unit.settings), row]));
  const rows = units.map((unit) => known.get(canonicalJson(unit.settings)) as TextFoolerRow | undefined);
  if (rows.includes(undefined) || textsHash(rows as TextFoolerRow[]) !== hash) {
    throw new Error(`The attacked texts of "${domain.name}" are not in the store; build its attack set first.`);
  }
  return rows.map((row, i) => attackedExampleOf(study, domain.test[i], i, row as TextFoolerRow).attacked);
}
