import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { type UnionRow, unionUnit } from "./union-unit.js";

/**
 * One adapter for several domains at once: what a mixture of their adapters could hope for. For every set of domains,
 * method and seed of the study's first.
 */
export async function trainUnions(
  study: Study,
  sets: readonly (readonly string[])[] = study.settings.unions,
  options: RunOptions = {},
): Promise<UnionRow[]> {
  const { methods, seeds } = study.settings;
  const inputs = methods.flatMap((method) => sets.map((domains) => ({ domains, method, seed: seeds[0] })));
  return unionUnit.rows(study, inputs, options);
}
