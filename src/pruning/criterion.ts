import { criteria } from "./criteria.js";
import type { CriterionContext, CriterionFunction, PruneScores } from "./scores.js";

/** The name of a criterion in `criteria/`. */
export type CriterionName = keyof typeof criteria;

/** Which weights go first: a criterion by name, a function, or scores. */
export type Criterion = CriterionName | CriterionFunction | PruneScores;

/** Scores of weights by a criterion. @throws naming a tensor whose scores are missing or too few */
export function scoresOf(values: PruneScores, criterion: Criterion, context: CriterionContext): PruneScores {
  const scores = typeof criterion === "object" ? criterion : functionOf(criterion)(values, context);
  for (const [name, { length }] of Object.entries(values)) {
    const given = scores?.[name];
    if (given?.length !== length) {
      throw new Error(`The scores of ${name} must be ${length} numbers, not ${given?.length ?? "missing"}.`);
    }
  }
  return scores;
}

function functionOf(criterion: CriterionName | CriterionFunction): CriterionFunction {
  if (typeof criterion === "function") return criterion;
  const known = Object.hasOwn(criteria, criterion) ? criteria[criterion] : undefined;
  if (known) return known;
  throw new Error(
    `"${criterion}" is no criterion; use ${Object.keys(criteria).join(", ")}, a function, or scores by tensor name.`,
  );
}
