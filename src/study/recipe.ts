import type { Classifier } from "../attacks/classifier.js";
import { makeAdapter, type Recipe } from "../chapters/mix/evaluate-unit.js";
import type { Study } from "./study.js";
import { trainedAdapter } from "./trained-adapter.js";

/** A classifier by the hashes of trained adapters. */
export interface ClassifierRecipe {
  /** Hash of the adapter whose head is used, the domain's own. */
  headOf: string;
  recipe: Recipe;
}

/** Makes the adapter and takes the head that a recipe names. */
export function classifierOf(study: Study, { headOf, recipe }: ClassifierRecipe): Classifier {
  return { adapter: makeAdapter(study, recipe), head: trainedAdapter(study, headOf).head };
}
