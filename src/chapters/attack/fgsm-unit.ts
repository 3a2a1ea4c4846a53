import { createFgsm } from "../../attacks/fgsm.js";
import { packBits } from "../../results/bits.js";
import { defineUnit, domainKey, encoderKey, type Ran } from "../../study/define-unit.js";
import { kept } from "../../study/kept.js";
import { type ClassifierRecipe, classifierOf, modulesOf } from "../../study/recipe.js";

/** A classifier under FGSM, one entry for each ε of the unit. */
export interface FgsmUnitResult {
  accuracies: number[];
  /** Which of the attacked test examples were right, packed. */
  correct: string[];
}

/** The row of an `fgsm` unit. */
export type FgsmRow = Ran<FgsmUnitResult>;

/** A classifier to attack on a domain. */
export interface FgsmInput {
  domain: string;
  victim: ClassifierRecipe;
  /** Whose gradients are followed; left out for a white-box attack. */
  source?: ClassifierRecipe;
}

/** Attacks a classifier with FGSM on the first test examples of a domain. */
export const fgsmUnit = defineUnit({
  kind: "fgsm",
  module: import.meta.url,
  async settings(study, { domain: name, victim, source }: FgsmInput) {
    const { batchSize, maxLength, epsilons, epsilonUnit, attackRows } = study.settings;
    const domain = await study.domain(name);
    return {
      ...{ domain: domainKey(domain), victim, source: source ?? null, epsilons: [0, ...epsilons], epsilonUnit },
      ...{ rows: Math.min(attackRows, domain.test.length), batchSize: Math.min(batchSize, attackRows), maxLength },
    };
  },
  uses: ({ victim, source }) => [victim, ...(source ? [source] : [])].flatMap(({ recipe }) => modulesOf(recipe)),
  async run(study, settings): Promise<FgsmUnitResult> {
    const { epsilons, epsilonUnit: unit, rows, batchSize, maxLength } = settings;
    const domain = await study.domain(settings.domain.name);
    const examples = domain.test.slice(0, rows);
    const source = settings.source ? await classifierOf(study, settings.source) : undefined;
    const victim = await classifierOf(study, settings.victim);
    const plan = { adapter: victim.adapter?.config, head: victim.head.config };
    const strengths = [epsilons, unit];
    const parts = [
      "fgsm",
      encoderKey(study),
      domain.hash,
      JSON.stringify(plan),
      ...strengths,
      rows,
      batchSize,
      maxLength,
    ];
    const attack = await kept(parts, () =>
      createFgsm(study.encoder, examples, plan, { epsilon: epsilons, unit, batchSize, maxLength }),
    );
    const results = attack.run(victim, source);
    return {
      accuracies: results.map(({ accuracy }) => accuracy),
      correct: results.map(({ predictions }) => packBits(predictions.map((label, i) => label === examples[i].label))),
    };
  },
});
