import type { AdapterMethod } from "../../adapters/adapter.js";
import { type RunOptions, runStudy } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { hasAdapter } from "../../study/trained-adapter.js";
import { type BaselineRow, baselineUnit } from "./baseline-unit.js";
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
  const units = [];
  for (const method of methods) {
    for (const seed of seeds) {
      for (const name of domains) units.push(trainUnit(study, await study.domain(name), method, seed));
    }
  }
  // A row whose adapter file is gone (only one seed's are committed) is computed again, to the same bytes.
  const lost = units.filter((unit) => {
    const known = study.store.get(unit);
    return known && !hasAdapter(study, (known.row as TrainRow).adapter);
  });
  study.store.forget(lost);
  const results = await runStudy(study, units, options);
  return results.map(({ row }) => row as TrainRow);
}

/** The majority answer, a bag of words and the frozen probe, for every domain and seed of a selection. */
export async function measureBaselines(
  study: Study,
  selection: Omit<Selection, "methods"> = {},
  options: RunOptions = {},
): Promise<BaselineRow[]> {
  const { domains, seeds } = { ...study.settings, ...selection };
  const units = [];
  for (const seed of seeds) {
    for (const name of domains) units.push(baselineUnit(study, await study.domain(name), seed));
  }
  const results = await runStudy(study, units, options);
  return results.map(({ row }) => row as BaselineRow);
}
