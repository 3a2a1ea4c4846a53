import type { Adapter } from "../adapters/adapter.js";
import { initialTensors } from "../adapters/create.js";
import type { Classifier } from "../attacks/classifier.js";
import { scaleChange } from "../mixing/dilute.js";
import { mixAdapters } from "../mixing/mix.js";
import { trainedAdapter } from "./adapter-library.js";
import type { Recipe } from "./evaluate-unit.js";
import type { Study } from "./study.js";

/** A classifier by the hashes of trained adapters. */
export interface ClassifierRecipe {
  /** Hash of the adapter whose head is used, the domain's own. */
  headOf: string;
  recipe: Recipe;
}

/** Makes the adapter and takes the head that a recipe names. */
export function classifierOf(study: Study, { headOf, recipe }: ClassifierRecipe): Classifier {
  return { adapter: adapterOf(study, recipe), head: trainedAdapter(study, headOf).head };
}

/** The adapter that a recipe makes, or undefined where it takes none. The same as in the `evaluate` unit. */
function adapterOf(study: Study, recipe: Recipe): Adapter | undefined {
  if (recipe.make === "none") return undefined;
  if (recipe.make === "mixture") return mixAdapters(recipe.of.map((hash) => trainedAdapter(study, hash).adapter));
  const { adapter } = trainedAdapter(study, recipe.of);
  if (recipe.make === "diluted") return scaleChange(adapter, 1 / recipe.by);
  return { ...adapter, tensors: initialTensors(adapter) };
}
