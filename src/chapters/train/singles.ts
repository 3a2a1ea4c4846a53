import type { AdapterMethod } from "../../adapters/methods.js";
import type { Unit } from "../../results/unit.js";
import { type RunOptions, restoring, runStudy } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { type BaselineRow, baselineUnit } from "./baseline-unit.js";
import { atClassStart } from "./class-start.js";
import { type TrainRow, trainUnit } from "./train-unit.js";

/** Which adapters of a study; what is left out is the profile's. */
export interface Selection {
  domains?: readonly string[];
  methods?: readonly AdapterMethod[];
  seeds?: readonly number[];
}

/**
 * Trains one adapter for every domain, method and seed of a selection, or takes them from the store.
 * @returns rows by method, then seed, then domain
 */
export async function trainSingles(
  study: Study,
  selection: Selection = {},
  options: RunOptions = {},
): Promise<TrainRow[]> {
  const { domains, methods, seeds } = { ...study.settings, ...selection };
  const units: Unit[] = [];
  for (const method of methods) {
    for (const seed of seeds) {
      for (const domain of domains) {
        const own = atClassStart(study, await study.domain(domain));
        units.push(await trainUnit.unit(own, { domain, method, seed }));
      }
    }
  }
  const results = await runStudy(study, units, restoring(study, options));
  return results.map(({ row }) => row as unknown as TrainRow);
}

/** The majority answer, a bag of words and the frozen probe, for every domain and seed of a selection. */
export async function measureBaselines(
  study: Study,
  selection: Omit<Selection, "methods"> = {},
  options: RunOptions = {},
): Promise<BaselineRow[]> {
  const { domains, seeds } = { ...study.settings, ...selection };
  const inputs = seeds.flatMap((seed) => domains.map((domain) => ({ domain, seed })));
  return baselineUnit.rows(study, inputs, options);
}
