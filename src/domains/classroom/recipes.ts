import { mnli } from "./mnli.js";
import { mrpc } from "./mrpc.js";
import { qnli } from "./qnli.js";
import { qqp } from "./qqp.js";
import type { Recipe } from "./recipe.js";
import { rte } from "./rte.js";
import { sst2 } from "./sst2.js";

/** The recipes of the classroom domains, in the order of `domainNames`. */
export const recipes: readonly Recipe[] = [mnli, qnli, rte, mrpc, qqp, sst2];

/**
 * The recipe of one domain.
 * @throws Error listing the domains if there is none of that name.
 */
export function recipeOf(name: string): Recipe {
  const recipe = recipes.find((candidate) => candidate.name === name);
  if (!recipe) {
    throw new Error(
      `There is no classroom domain "${name}"; there are ${recipes.map((each) => each.name).join(", ")}.`,
    );
  }
  return recipe;
}
