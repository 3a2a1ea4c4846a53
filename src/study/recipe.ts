import type { Adapter } from "../adapters/adapter.js";
import { initialTensors } from "../adapters/create.js";
import type { Classifier } from "../attacks/classifier.js";
import { averageAdapters } from "../mixing/average.js";
import { scaleChange } from "../mixing/dilute.js";
import { type CellFunction, faceModules, loadCellFunction } from "./cell-function.js";
import type { Study } from "./study.js";
import { trainedAdapter } from "./trained-adapter.js";

/**
 * How the adapter under test is made. Adapters are named by hash.
 *
 * - `mixture`: the uniform average of adapters; of one, the adapter itself.
 * - `custom`: what a function of the reader's makes of adapters.
 * - `diluted`: θ₀ + (θ − θ₀)/k of one adapter, the mixture with k − 1 adapters that never left the start.
 * - `start`: θ₀ of an adapter.
 * - `none`: no adapter at all.
 */
export type Recipe =
  | { make: "mixture"; of: string[] }
  | { make: "custom"; of: string[]; mix: CellFunction }
  | { make: "diluted"; of: string; by: number }
  | { make: "start"; of: string }
  | { make: "none" };

/** The adapter that a recipe makes, or undefined where it takes none. */
export async function makeAdapter(study: Study, recipe: Recipe): Promise<Adapter | undefined> {
  const adapterOf = (hash: string) => trainedAdapter(study, hash).adapter;
  switch (recipe.make) {
    case "none":
      return undefined;
    case "mixture":
      return averageAdapters(recipe.of.map(adapterOf));
    case "custom":
      return checkMixture(await (await loadCellFunction<Mix>(recipe.mix))(recipe.of.map(adapterOf)));
    case "diluted":
      return scaleChange(adapterOf(recipe.of), 1 / recipe.by);
    case "start": {
      const adapter = adapterOf(recipe.of);
      return { ...adapter, tensors: initialTensors(adapter) };
    }
  }
}

/** The modules that decide what a recipe makes beside those of this file's imports. */
export function modulesOf(recipe: Recipe): string[] {
  return recipe.make === "custom" ? faceModules(recipe.mix) : [];
}

type Mix = (adapters: Adapter[]) => unknown;

function checkMixture(made: unknown): Adapter {
  const adapter = made as Adapter | undefined;
  if (!adapter?.tensors || !adapter.config) {
    throw new Error("The function `mix` must return an adapter, such as sm.mixAdapters(adapters) gives.");
  }
  for (const [name, { data }] of Object.entries(adapter.tensors)) {
    if (!data.every(Number.isFinite)) throw new Error(`The adapter that \`mix\` returned is not finite in ${name}.`);
  }
  return adapter;
}

/** A classifier by the hashes of trained adapters. */
export interface ClassifierRecipe {
  /** Hash of the adapter whose head is used, the domain's own. */
  headOf: string;
  recipe: Recipe;
}

/** Makes the adapter and takes the head that a recipe names. */
export async function classifierOf(study: Study, { headOf, recipe }: ClassifierRecipe): Promise<Classifier> {
  return { adapter: await makeAdapter(study, recipe), head: trainedAdapter(study, headOf).head };
}
