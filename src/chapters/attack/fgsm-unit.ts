import { createFgsm, type FgsmAttack } from "../../attacks/fgsm.js";
import type { Domain } from "../../domains/domain.js";
import { instructionSet } from "../../engine/instruction-set.js";
import { packBits } from "../../results/bits.js";
import { codeHash } from "../../results/code-hash.js";
import type { Outcome } from "../../results/plan.js";
import type { Json, Row, Unit } from "../../results/unit.js";
import { type ClassifierRecipe, classifierOf } from "../../study/recipe.js";
import type { Study } from "../../study/study.js";

/** The row of an `fgsm` unit: a classifier under FGSM, one entry for each ε of the unit. */
export interface FgsmRow extends Row {
  accuracies: number[];
  /** Which of the attacked test examples were right, packed. */
  correct: string[];
  ran: string;
}

/**
 * The unit that attacks a classifier with FGSM on the first test examples of a domain.
 * @param source whose gradients are followed; left out for a white-box attack
 */
export function fgsmUnit(study: Study, domain: Domain, victim: ClassifierRecipe, source?: ClassifierRecipe): Unit {
  const { batchSize, maxLength, epsilons, attackRows } = study.settings;
  return {
    kind: "fgsm",
    settings: {
      encoder: study.encoder.hash.slice(0, 32),
      domain: { name: domain.name, hash: domain.hash.slice(0, 32) },
      victim: victim as unknown as Json,
      source: (source ?? null) as unknown as Json,
      epsilons: [0, ...epsilons],
      rows: Math.min(attackRows, domain.test.length),
      ...{ batchSize: Math.min(batchSize, attackRows), maxLength },
    },
    code: codeHash(["chapters/attack/fgsm-unit.js", "text/tokenizer.js"]).slice(0, 32),
  };
}

const attacks = new Map<string, FgsmAttack>();

/** Attacks the classifier of a unit. */
export async function runFgsmUnit(unit: Unit, study: Study): Promise<Outcome> {
  const settings = unit.settings as unknown as {
    domain: { name: string };
    victim: ClassifierRecipe;
    source: ClassifierRecipe | null;
    epsilons: number[];
    rows: number;
    batchSize: number;
    maxLength: number;
  };
  const { epsilons, rows, batchSize, maxLength } = settings;
  const domain = await study.domain(settings.domain.name);
  const examples = domain.test.slice(0, rows);
  const source = settings.source ? classifierOf(study, settings.source) : undefined;
  const victim = classifierOf(study, settings.victim);
  const plan = { adapter: victim.adapter?.config, head: victim.head.config };
  const key = JSON.stringify([study.encoder.hash, domain.hash, plan, epsilons, rows, batchSize, maxLength]);
  let attack = attacks.get(key);
  if (!attack) {
    attack = createFgsm(study.encoder, examples, plan, { epsilon: epsilons, batchSize, maxLength });
    attacks.set(key, attack);
  }
  const results = attack.run(victim, source);
  const row: FgsmRow = {
    accuracies: results.map(({ accuracy }) => accuracy),
    correct: results.map(({ predictions }) => packBits(predictions.map((label, i) => label === examples[i].label))),
    ran: `${study.backend.name} ${instructionSet()}`,
  };
  return { row };
}
