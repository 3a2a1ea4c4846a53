import type { Domain } from "../../domains/domain.js";
import { instructionSet } from "../../engine/instruction-set.js";
import { pruneThenMix, type SparseMixture } from "../../mixing/prune-then-mix.js";
import { codeHash } from "../../results/code-hash.js";
import type { Outcome } from "../../results/plan.js";
import type { Json, Row, Unit } from "../../results/unit.js";
import type { WeightView } from "../../signs/initialisation.js";
import type { Study } from "../../study/study.js";
import { type TestSplit, testAdapter } from "../../study/test-adapter.js";
import { trainedAdapter } from "../../study/trained-adapter.js";

/** How a sparse mixture, or a control of one, is made. */
export interface SparseRecipe {
  kind: SparseMixture;
  sparsity: number;
  weights: WeightView;
  /** Hashes of the adapters. */
  of: string[];
}

/** The row of a `sparse-mixture` unit. Without dev examples the dev accuracy is 0 and its verdicts are empty. */
export interface SparseMixtureRow extends Row {
  accuracy: number;
  devAccuracy: number;
  correct: string;
  devCorrect: string;
  ran: string;
}

/**
 * The unit that makes a sparse mixture and tests it on a domain.
 * @param headOf hash of the adapter whose head is used, the domain's own
 */
export function sparseMixtureUnit(
  study: Study,
  domain: Domain,
  headOf: string,
  recipe: SparseRecipe,
  split: TestSplit,
): Unit {
  const { batchSize, maxLength } = study.settings;
  return {
    kind: "sparse-mixture",
    settings: {
      encoder: study.encoder.hash.slice(0, 32),
      domain: { name: domain.name, hash: domain.hash.slice(0, 32) },
      headOf,
      recipe: recipe as unknown as Json,
      ...{ split, batchSize, maxLength },
    },
    code: codeHash(["chapters/sparse/sparse-mixture-unit.js", "text/tokenizer.js"]).slice(0, 32),
  };
}

/** Makes the mixture of a unit and tests it. */
export async function runSparseMixtureUnit(unit: Unit, study: Study): Promise<Outcome> {
  const settings = unit.settings as unknown as {
    domain: { name: string };
    headOf: string;
    recipe: SparseRecipe;
    split: TestSplit;
    batchSize: number;
    maxLength: number;
  };
  const domain = await study.domain(settings.domain.name);
  const { head } = trainedAdapter(study, settings.headOf);
  const { of, ...recipe } = settings.recipe;
  const mixture = pruneThenMix(
    of.map((hash) => trainedAdapter(study, hash).adapter),
    recipe,
  );
  const row: SparseMixtureRow = {
    ...testAdapter(study, domain, mixture, head, settings),
    ran: `${study.backend.name} ${instructionSet()}`,
  };
  return { row };
}
