import { type RunOptions, runStudy } from "../../study/run.js";
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
  const units = [];
  for (const method of study.settings.methods) {
    for (const set of sets) {
      const domains = await Promise.all(set.map((name) => study.domain(name)));
      units.push(unionUnit(study, domains, method, study.settings.seeds[0]));
    }
  }
  const results = await runStudy(study, units, options);
  return results.map(({ row }) => row as UnionRow);
}
