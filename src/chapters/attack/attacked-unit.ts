import type { Domain, Example } from "../../domains/domain.js";
import { instructionSet } from "../../engine/instruction-set.js";
import { canonicalJson, sha256 } from "../../files/hash.js";
import { packBits } from "../../results/bits.js";
import { codeHash } from "../../results/code-hash.js";
import type { Outcome } from "../../results/plan.js";
import type { Json, Row, Unit } from "../../results/unit.js";
import { type ClassifierRecipe, classifierOf } from "../../study/recipe.js";
import type { Study } from "../../study/study.js";
import { createEvaluator, type Evaluator } from "../../training/evaluate.js";
import { attackedExampleOf, type TextFoolerRow, textFoolerUnits } from "./textfooler-unit.js";

/** The row of an `attacked` unit: a classifier on the texts that an attack on another one left. */
export interface AttackedRow extends Row {
  /** On the attacked texts. */
  accuracy: number;
  /** On the same examples, clean. */
  cleanAccuracy: number;
  correct: string;
  cleanCorrect: string;
  ran: string;
}

/** Texts of a domain that TextFooler attacked, by the units that hold them. */
export interface AttackedTexts {
  /** The classifier that they were made against. */
  victim: ClassifierRecipe;
  threshold: number;
  /** Hash of all substitutions, which tells one set from another. */
  hash: string;
}

/** The hash of a set of attacked texts by its rows, in order. */
export function textsHash(rows: readonly TextFoolerRow[]): string {
  return sha256(canonicalJson(rows.map(({ substitutions }) => substitutions))).slice(0, 32);
}

/** The unit that tests a classifier on attacked texts. */
export function attackedUnit(study: Study, domain: Domain, tested: ClassifierRecipe, texts: AttackedTexts): Unit {
  const { batchSize, maxLength, attackRows } = study.settings;
  return {
    kind: "attacked",
    settings: {
      encoder: study.encoder.hash.slice(0, 32),
      domain: { name: domain.name, hash: domain.hash.slice(0, 32) },
      tested: tested as unknown as Json,
      texts: texts as unknown as Json,
      rows: Math.min(attackRows, domain.test.length),
      ...{ batchSize: Math.min(batchSize, attackRows), maxLength },
    },
    code: codeHash(["chapters/attack/attacked-unit.js", "text/tokenizer.js"]).slice(0, 32),
  };
}

const evaluators = new Map<string, Evaluator>();

/** Tests the classifier of a unit on attacked texts and on the clean ones. */
export async function runAttackedUnit(unit: Unit, study: Study): Promise<Outcome> {
  const settings = unit.settings as unknown as {
    domain: { name: string };
    tested: ClassifierRecipe;
    texts: AttackedTexts;
    batchSize: number;
    maxLength: number;
  };
  const { texts, batchSize, maxLength } = settings;
  const domain = await study.domain(settings.domain.name);
  const { adapter, head } = classifierOf(study, settings.tested);
  const plan = { adapter: adapter?.config, head: head.config };
  const key = JSON.stringify([study.encoder.hash, domain.hash, texts.hash, plan, batchSize, maxLength]);
  let evaluator = evaluators.get(key);
  if (!evaluator) {
    const attacked = storedTexts(study, domain, texts);
    const examples = [...domain.test.slice(0, attacked.length), ...attacked];
    evaluator = createEvaluator(study.encoder, examples, plan, { batchSize, maxLength });
    evaluators.set(key, evaluator);
  }
  const { predictions } = evaluator.run(adapter, head);
  const rows = predictions.length / 2;
  const right = predictions.map((label, i) => label === domain.test[i % rows].label);
  const [clean, attacked] = [right.slice(0, rows), right.slice(rows)];
  const row: AttackedRow = {
    ...{ accuracy: shareOf(attacked), cleanAccuracy: shareOf(clean) },
    ...{ correct: packBits(attacked), cleanCorrect: packBits(clean) },
    ran: `${study.backend.name} ${instructionSet()}`,
  };
  return { row };
}

/**
 * The attacked texts of a domain, from the stored rows.
 * @throws if some are not stored, or are others than the hash says
 */
function storedTexts(study: Study, domain: Domain, { victim, threshold, hash }: AttackedTexts): Example[] {
  const rows = textFoolerUnits(study, domain, victim, threshold).map((unit) => study.store.get(unit)?.row);
  if (rows.includes(undefined) || textsHash(rows as TextFoolerRow[]) !== hash) {
    throw new Error(`The attacked texts of "${domain.name}" are not in the store; build its attack set first.`);
  }
  return rows.map((row, i) => attackedExampleOf(study, domain.test[i], i, row as TextFoolerRow).attacked);
}

function shareOf(right: readonly boolean[]): number {
  return right.filter(Boolean).length / right.length;
}
