import { type AttackSummary, attackSummary } from "../../attacks/summary.js";
import type { AttackedExample } from "../../attacks/textfooler.js";
import type { ClassifierRecipe } from "../../study/recipe.js";
import { type RunOptions, runStudy } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import type { TrainRow } from "../train/train-unit.js";
import { attackSimilarity } from "./attack-similarity.js";
import { singleRecipe } from "./attacked-mixtures.js";
import { type AttackedTexts, textsHash } from "./attacked-unit.js";
import { attackedExampleOf, type TextFoolerRow, textFoolerUnits } from "./textfooler-unit.js";

/** What TextFooler made of the first test examples of one domain, against one classifier. */
export interface AttackSet {
  domain: string;
  /** Method and seed of the classifier. */
  method: string;
  seed: number;
  /** One row an example, in order. */
  rows: TextFoolerRow[];
  texts: AttackedTexts;
}

/** A classifier to be attacked on the domain of its head. */
export interface Victim {
  /** The trained adapter whose head it has. */
  own: TrainRow;
  recipe: ClassifierRecipe;
}

/** Attacks single adapters with TextFooler, each on its own domain (see {@link attackWithTextFooler}). */
export function attackSingles(
  study: Study,
  singles: readonly TrainRow[],
  options: RunOptions = {},
): Promise<AttackSet[]> {
  const victims = singles.map((own) => ({ own, recipe: singleRecipe(own) }));
  return attackWithTextFooler(study, victims, options);
}

/**
 * Attacks classifiers with TextFooler, each on the first test examples of its domain, or takes from the store what was
 * attacked before; an interrupted attack goes on at the example where it was.
 *
 * @returns one set for each victim, in order
 */
export async function attackWithTextFooler(
  study: Study,
  victims: readonly Victim[],
  options: RunOptions = {},
): Promise<AttackSet[]> {
  const { kind, threshold } = await attackSimilarity(study);
  const similarity = { kind, threshold };
  const planned = [];
  for (const { own, recipe } of victims) {
    const { domain, method, seed } = own;
    const units = await textFoolerUnits(study, await study.domain(domain), recipe, similarity);
    planned.push({ domain, method, seed, recipe, units });
  }
  const units = planned.flatMap((set) => set.units);
  const results = await runStudy(study, units, options);
  let start = 0;
  return planned.map(({ domain, method, seed, recipe, units: { length } }): AttackSet => {
    const rows = results.slice(start, start + length).map(({ row }) => row as unknown as TextFoolerRow);
    start += length;
    return {
      domain,
      method,
      seed,
      rows,
      texts: { victim: recipe, similarity, hash: textsHash(rows) },
    };
  });
}

/** The attacked examples of a set with their texts, rebuilt from the clean ones and the stored substitutions. */
export async function attackedExamples(study: Study, { domain, rows }: AttackSet): Promise<AttackedExample[]> {
  const { test } = await study.domain(domain);
  return rows.map((row, i) => attackedExampleOf(study, test[i], i, row));
}

/** Results of attacks as the field reports them, over the examples of one set or of several. */
export function summaryOf(sets: readonly AttackSet[]): AttackSummary {
  const outcomes = sets.flatMap(({ rows }) =>
    rows.map((row) => ({
      ...row,
      substitutions: row.substitutions.map(([word]) => ({ part: 0 as const, word, from: "", to: "" })),
    })),
  );
  return attackSummary(outcomes);
}

/** The adapters that are attacked themselves: of the first seed, the attacked domains and methods. */
export function selfVictims(study: Study, singles: readonly TrainRow[]): TrainRow[] {
  const { seeds, attackMethods, attackDomains } = study.settings;
  const methods: readonly string[] = attackMethods;
  return singles.filter(
    ({ domain, method, seed }) => seed === seeds[0] && methods.includes(method) && attackDomains.includes(domain),
  );
}
