import type { Adapter } from "../../adapters/adapter.js";
import { enumerateMixtures } from "../../mixing/subsets.js";
import { madeFrom } from "../../results/origin.js";
import { type CellFunction, cellFunction } from "../../study/cell-function.js";
import type { Recipe } from "../../study/recipe.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { groupSingles } from "../train/groups.js";
import { startsOf } from "../train/starts.js";
import type { TrainRow } from "../train/train-unit.js";
import { type EvaluateRow, evaluateUnit } from "./evaluate-unit.js";

/** A mixture tested on one of the domains that went into it. Accuracies are shares of the test examples. */
export interface MixtureResult {
  method: string;
  seed: number;
  target: string;
  /** The domains mixed, the target among them. */
  members: string[];
  size: number;
  accuracy: number;
  /** Accuracy of the target's own adapter alone. */
  single: number;
  /**
   * Accuracy of θ₀ + (θ − θ₀)/size, the target's adapter diluted without any conflict. NaN, as dilution and interference are,
   * where the members do not share a start: their average is no θ₀ + (1/k)Σδ.
   */
  diluted: number;
  /** single − accuracy, in points. */
  drop: number;
  /** single − diluted, in points. */
  dilution: number;
  /** diluted − accuracy, in points. */
  interference: number;
}

/** How a sweep mixes, and tells its progress. */
export interface SweepOptions extends RunOptions {
  /** Makes one adapter of several, such as `(adapters) => sm.mixAdapters(adapters, { strategy: "ties" })`. */
  mix?: (adapters: Adapter[]) => Adapter | Promise<Adapter>;
  /** What `mix` refers to beside its arguments and `sm`, by name; plain data. */
  inputs?: CellFunction["inputs"];
}

/**
 * Mixes subsets of trained adapters uniformly, within each method and seed, and tests each mixture on the domains of its
 * members, with each domain's own head.
 *
 * @param singles rows of `trainSingles`
 * @param subsets lists of positions of domains, such as `enumerateMixtures` gives
 * @param options `mix` is another way to mix than the uniform average; it runs in the workers, from its source
 * @returns one result per method, seed, subset and member, in order; subsets of one are the single adapters, as trained
 */
export async function sweep(
  study: Study,
  singles: readonly TrainRow[],
  subsets: readonly (readonly number[])[],
  { mix, inputs, ...options }: SweepOptions = {},
): Promise<MixtureResult[]> {
  const way = mix && cellFunction(mix, inputs, "mix");
  const starts = new Map((await startsOf(study, singles)).map((start, i) => [singles[i].adapter, start]));
  const tests = groupSingles(singles).flatMap(({ rows }) =>
    subsets.flatMap((subset) => {
      const members = subset.map((i) => rows[i]);
      const sharedStart = new Set(members.map(({ adapter }) => starts.get(adapter))).size === 1;
      return subset.map((target) => ({ members, own: rows[target], sharedStart }));
    }),
  );
  const recipes = tests.flatMap(({ members, own, sharedStart }): { own: TrainRow; recipe: Recipe }[] => {
    if (members.length === 1) return [];
    const hashes = members.map(({ adapter }) => adapter);
    const diluted: Recipe = { make: "diluted", of: own.adapter, by: members.length };
    return [{ own, recipe: mixtureOf(hashes, way) }, ...(sharedStart ? [{ own, recipe: diluted }] : [])];
  });
  const rows = await testRecipes(study, recipes, options);
  let next = 0;
  return tests.map(({ members, own, sharedStart }) => {
    const tested = members.length === 1 ? [own, own] : [rows[next++], ...(sharedStart ? [rows[next++]] : [])];
    const [accuracy, diluted = Number.NaN] = tested.map((row) => row.accuracy);
    const single = own.accuracy;
    const result = {
      method: own.method,
      seed: own.seed,
      target: own.domain,
      members: members.map(({ domain }) => domain),
      size: members.length,
      ...{ accuracy, single, diluted },
      drop: 100 * (single - accuracy),
      dilution: 100 * (single - diluted),
      interference: 100 * (diluted - accuracy),
    };
    return madeFrom(result, tested, members);
  });
}

function mixtureOf(of: string[], mix?: CellFunction): Recipe {
  return mix ? { make: "custom", of, mix } : { make: "mixture", of };
}

/** What a domain's own trained head reaches when its adapter is taken away. */
export interface FloorRow {
  domain: string;
  method: string;
  seed: number;
  /** The head on the encoder without any adapter. */
  withoutAdapter: number;
  /** The head with the adapter as it was before training, θ₀. */
  start: number;
}

/** The floors of every mixture: each domain's own head with no adapter, and with the untrained one. */
export async function measureFloors(
  study: Study,
  singles: readonly TrainRow[],
  options: RunOptions = {},
): Promise<FloorRow[]> {
  const recipes = singles.flatMap((own): { own: TrainRow; recipe: Recipe }[] => [
    { own, recipe: { make: "none" } },
    { own, recipe: { make: "start", of: own.adapter } },
  ]);
  const rows = await testRecipes(study, recipes, options);
  return singles.map(({ domain, method, seed }, i) => {
    const floor = {
      ...{ domain, method, seed },
      withoutAdapter: rows[2 * i].accuracy,
      start: rows[2 * i + 1].accuracy,
    };
    return madeFrom(floor, rows[2 * i], rows[2 * i + 1]);
  });
}

/** Tests adapters made by recipes on the domains of the given singles, with their heads. */
export async function testRecipes(
  study: Study,
  tests: readonly { own: TrainRow; recipe: Recipe }[],
  options: RunOptions = {},
): Promise<EvaluateRow[]> {
  const inputs = tests.map(({ own, recipe }) => ({ domain: own.domain, headOf: own.adapter, recipe }));
  return evaluateUnit.rows(study, inputs, options);
}

/** Each domain alone, and the profile's sample: of each size equally many, in which every domain appears equally often. */
export function sampleMixtures({ settings }: Study): number[][] {
  const { domains, mixtureSizes, mixturesPerSize } = settings;
  const sample = { sizes: mixtureSizes, perSize: mixturesPerSize, seed: "sweep" };
  return [...domains.map((_, i) => [i]), ...enumerateMixtures(domains.length, sample)];
}

/** Positions of named domains among the study's, rising. */
export function subsetOf({ settings }: Study, names: readonly string[]): number[] {
  const unknown = names.find((name) => !settings.domains.includes(name));
  if (unknown) throw new Error(`"${unknown}" is not a domain of this study: ${settings.domains.join(", ")}.`);
  return names.map((name) => settings.domains.indexOf(name)).sort((a, b) => a - b);
}
