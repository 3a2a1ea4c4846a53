import { pruneThenMix, type SparseMixture } from "../../mixing/prune-then-mix.js";
import type { WeightView } from "../../signs/initialisation.js";
import { defineUnit, domainKey, type Ran } from "../../study/define-unit.js";
import { type TestSplit, testAdapter } from "../../study/test-adapter.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import type { Verdicts } from "../../study/verdicts.js";

/** How a sparse mixture, or a control of one, is made. */
export interface SparseRecipe {
  kind: SparseMixture;
  sparsity: number;
  weights: WeightView;
  /** Hashes of the adapters. */
  of: string[];
}

/** The row of a `sparse-mixture` unit. Without dev examples the dev accuracy is 0 and its verdicts are empty. */
export type SparseMixtureRow = Ran<Verdicts>;

/** A sparse mixture and the domain that it is tested on. */
export interface SparseMixtureInput {
  domain: string;
  /** Hash of the adapter whose head is used, the domain's own. */
  headOf: string;
  recipe: SparseRecipe;
  split: TestSplit;
}

/** Makes a sparse mixture and tests it on a domain. */
export const sparseMixtureUnit = defineUnit({
  kind: "sparse-mixture",
  module: import.meta.url,
  async settings(study, { domain, headOf, recipe, split }: SparseMixtureInput) {
    const { batchSize, maxLength } = study.settings;
    return { domain: domainKey(await study.domain(domain)), headOf, recipe, split, batchSize, maxLength };
  },
  methods: ["magnitude", "random", "ties"], // what the kinds of sparse mixture are made with
  async run(study, { domain, headOf, recipe: { of, ...recipe }, ...test }): Promise<Verdicts> {
    const mixture = pruneThenMix(
      of.map((hash) => trainedAdapter(study, hash).adapter),
      recipe,
    );
    return testAdapter(study, await study.domain(domain.name), mixture, trainedAdapter(study, headOf).head, test);
  },
});
