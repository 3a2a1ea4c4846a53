import { defineUnit, domainKey, type Ran } from "../../study/define-unit.js";
import { makeAdapter, modulesOf, type Recipe } from "../../study/recipe.js";
import { testAdapter } from "../../study/test-adapter.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import type { Verdicts } from "../../study/verdicts.js";

/** The row of an `evaluate` unit: an adapter made by a recipe, with a domain's own head, on that domain. */
export type EvaluateRow = Ran<Verdicts>;

/** A recipe and the domain that it is tested on. */
export interface EvaluateInput {
  domain: string;
  /** Hash of the adapter whose head is used, the domain's own. */
  headOf: string;
  recipe: Recipe;
}

/** Makes an adapter and tests it on a domain's dev and test examples. */
export const evaluateUnit = defineUnit({
  kind: "evaluate",
  module: import.meta.url,
  async settings(study, { domain, headOf, recipe }: EvaluateInput) {
    const { batchSize, maxLength } = study.settings;
    return { domain: domainKey(await study.domain(domain)), headOf, recipe, batchSize, maxLength };
  },
  uses: ({ recipe }) => modulesOf(recipe),
  async run(study, { domain, headOf, recipe, batchSize, maxLength }): Promise<Verdicts> {
    const adapter = await makeAdapter(study, recipe);
    const { head } = trainedAdapter(study, headOf);
    const options = { split: "devAndTest" as const, batchSize, maxLength };
    return testAdapter(study, await study.domain(domain.name), adapter, head, options);
  },
});
