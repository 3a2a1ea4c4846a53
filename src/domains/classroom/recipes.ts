import { amongNames } from "../../files/among-names.js";
import { agNews } from "./ag-news.js";
import { authorship } from "./authorship.js";
import { financial } from "./financial.js";
import { imdb } from "./imdb.js";
import { mnli } from "./mnli.js";
import { mrpc } from "./mrpc.js";
import { qnli } from "./qnli.js";
import { qqp } from "./qqp.js";
import { rct } from "./rct.js";
import type { Recipe } from "./recipe.js";
import { rte } from "./rte.js";
import { sst2 } from "./sst2.js";
import { toxic } from "./toxic.js";
import { tweets } from "./tweets.js";

/** The recipes of the thirteen classroom domains, in the order of `domainNames`. */
export const recipes: readonly Recipe[] = [
  mnli,
  qnli,
  rte,
  mrpc,
  qqp,
  sst2,
  rct,
  agNews,
  authorship,
  financial,
  imdb,
  tweets,
  toxic,
];

/**
 * The recipe of one domain.
 * @throws Error listing the thirteen if `name` is none of them.
 */
export function recipeOf(name: string): Recipe {
  const recipe = recipes.find((candidate) => candidate.name === name);
  if (!recipe) {
    const names = recipes.map((each) => each.name);
    throw new Error(`There is no classroom domain "${name}"${amongNames(name, names)}.`);
  }
  return recipe;
}
