import type { AdapterMethod } from "../../adapters/methods.js";
import { enumerateMixtures } from "../../mixing/subsets.js";
import { madeFrom } from "../../results/origin.js";
import { inRegime } from "../../study/in-regime.js";
import type { Settings } from "../../study/profile.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { groupSingles } from "../train/groups.js";
import { trainSingles } from "../train/singles.js";
import type { TrainRow } from "../train/train-unit.js";
import { type ComparedCriterion, comparedCriteria, criterionUnit } from "./criterion-unit.js";
import { type Dose, type DoseUnitResult, doseUnit } from "./dose-unit.js";
import { type PredictorUnitResult, predictorUnit } from "./predictor-unit.js";
import { type WayInput, wayUnit } from "./way-unit.js";
import { type Way, type WayName, ways } from "./ways.js";

/** The adapters of the first seed, and of the first of the pool's methods unless others are given, in the study's regime. */
export function firstSingles(
  study: Study,
  methods: readonly AdapterMethod[] = study.settings.poolMethods.slice(0, 1),
  options: RunOptions = {},
): Promise<TrainRow[]> {
  return trainSingles(study, { methods, seeds: study.settings.seeds.slice(0, 1) }, options);
}

/** The adapters that this chapter mixes by their changes: from one start and trained equally long, of the first seed. */
export function controlledSingles(
  study: Study,
  methods?: readonly AdapterMethod[],
  options: RunOptions = {},
): Promise<TrainRow[]> {
  return firstSingles(inRegime(study, "controlled"), methods, options);
}

/** A target mixed with a dosed partner. */
export interface DoseRow extends DoseUnitResult {
  target: string;
  partner: string;
  members: string[];
  dose: Dose;
  /** Accuracy of the mixture minus that of the target's own adapter, in points. */
  change: number;
}

/**
 * Dose–response: each target with some partners whose signs are made to agree in several shares, at several sizes; sizes alone;
 * and starts in several shares. Adapters are those given, of one method and one seed, from one start.
 */
export async function measureDoses(
  study: Study,
  singles: readonly TrainRow[],
  options: RunOptions = {},
): Promise<DoseRow[]> {
  const { dosePartners } = study.settings;
  const doses = dosesOf(study);
  const tests = singles.flatMap((own, i) =>
    Array.from({ length: dosePartners }, (_, p) => singles[(i + 1 + p) % singles.length]).flatMap((partner) =>
      doses.map((dose) => ({ own, partner, dose })),
    ),
  );
  const inputs = tests.map(({ own, partner, dose }) => ({
    ...{ domain: own.domain, target: own.adapter, partner: partner.adapter, dose },
  }));
  const rows = await doseUnit.rows(study, inputs, options);
  return tests.map(({ own, partner, dose }, i) => {
    const { ran: _, ...found } = rows[i];
    const change = 100 * (found.accuracy - own.accuracy);
    const named = { target: own.domain, partner: partner.domain, members: [own.domain, partner.domain] };
    return madeFrom({ ...named, dose, change, ...found }, rows[i], own, partner);
  });
}

/** Every dose of a study: signs at every size, and starts. */
export function dosesOf({ settings: { doseShares, doseSizes } }: Pick<Study, "settings">): Dose[] {
  const sizes = [...new Set([...doseSizes, 1])].sort((a, b) => a - b);
  return [
    ...sizes.flatMap((size) => [null, ...doseShares].map((signs) => ({ signs, size, starts: 1 }))),
    ...doseShares.filter((share) => share !== 1).map((starts) => ({ signs: null, size: 1, starts })),
  ];
}

/** A mixture made in one way at one strength, tested on one of its members. Accuracies are shares. */
export interface WayRow {
  way: WayName;
  strength: number;
  method: string;
  target: string;
  members: string[];
  size: number;
  accuracy: number;
  devAccuracy: number;
  /** Accuracy of the target's own adapter on the test examples. */
  single: number;
  /** single − accuracy, in points. */
  drop: number;
}

/** The sets that are mixed in every way, and those that are mixed at every strength: `waySets` of each size, as positions. */
export function waySets({ settings }: Pick<Study, "settings">): Record<"ways" | "strengths", number[][]> {
  const { mixtureSizes, waySizes } = settings;
  const all = [...new Set([...mixtureSizes, ...waySizes])].sort((a, b) => a - b);
  return { ways: setsOf(settings, waySizes), strengths: setsOf(settings, all) };
}

function setsOf(settings: Settings, sizes: readonly number[]): number[][] {
  return enumerateMixtures(settings.domains.length, { sizes, perSize: settings.waySets, seed: "ways" });
}

/** Mixtures of every size in steps of the profile's, at every strength, the average scaled alone. */
export async function measureStrengths(
  study: Study,
  singles: readonly TrainRow[],
  options: RunOptions = {},
): Promise<WayRow[]> {
  return mixInWays(study, singles, waySets(study).strengths, ["arithmetic"], options);
}

/**
 * The same mixtures in every way, at every strength where the way has one. Adapters of the second method and later ones are mixed in the
 * ways that only LoRA has, and in those that these are compared with.
 */
export async function measureWays(
  study: Study,
  singles: readonly TrainRow[],
  options: RunOptions = {},
): Promise<WayRow[]> {
  return mixInWays(study, singles, waySets(study).ways, Object.keys(ways) as WayName[], options);
}

/** The ways that adapters of a method are mixed in. @param first whether it is the first of the methods */
export function waysOf(
  method: string,
  first: boolean,
  names: readonly WayName[] = Object.keys(ways) as WayName[],
): WayName[] {
  return names.filter((way) => {
    const { loraOnly, everywhere }: Way = ways[way];
    return loraOnly ? method === "lora" : first || everywhere;
  });
}

async function mixInWays(
  study: Study,
  singles: readonly TrainRow[],
  sets: readonly (readonly number[])[],
  names: readonly WayName[],
  options: RunOptions,
): Promise<WayRow[]> {
  const [{ method: first }] = singles;
  const tests = groupSingles(singles).flatMap(({ method, rows }) =>
    waysOf(method, method === first, names).flatMap((way) => {
      const { tuned }: Way = ways[way];
      const strengths = tuned ? study.settings.strengths : [1];
      return strengths.flatMap((strength) =>
        sets.flatMap((set) => {
          const members = set.map((i) => rows[i]);
          return members.map((own) => ({ way, strength, method, own, members }));
        }),
      );
    }),
  );
  const inputs = tests.map(({ way, strength, own, members }): WayInput => {
    const named = members.map(({ domain, adapter }) => ({ domain, adapter }));
    return { domain: own.domain, headOf: own.adapter, members: named, way, strength };
  });
  const rows = await wayUnit.rows(study, inputs, options);
  return tests.map(({ way, strength, method, own, members }, i) => {
    const { accuracy, devAccuracy } = rows[i];
    const row: WayRow = {
      ...{ way, strength, method, target: own.domain, members: members.map(({ domain }) => domain) },
      ...{ size: members.length, accuracy, devAccuracy, single: own.accuracy },
      drop: 100 * (own.accuracy - accuracy),
    };
    return madeFrom(row, rows[i], members);
  });
}

/** An adapter, or the mixture of all, pruned by a criterion. */
export interface CriterionRow {
  criterion: ComparedCriterion;
  sparsity: number;
  target: string;
  members: string[];
  /** Whether all adapters were pruned and averaged, or the target's alone was pruned. */
  mixed: boolean;
  accuracy: number;
  /** Accuracy of the target's own adapter, dense, minus this, in points. */
  loss: number;
}

/** Every criterion at every sparsity: single adapters, and all of them pruned and averaged. */
export async function measureCriteria(
  study: Study,
  singles: readonly TrainRow[],
  options: RunOptions = {},
): Promise<CriterionRow[]> {
  const names = Object.keys(comparedCriteria) as ComparedCriterion[];
  const tests = [false, true].flatMap((mixed) =>
    names.flatMap((criterion) =>
      study.settings.criterionSparsities.flatMap((sparsity) =>
        singles.map((own) => ({ mixed, criterion, sparsity, own, members: mixed ? singles : [own] })),
      ),
    ),
  );
  const inputs = tests.map(({ criterion, sparsity, own, members }) => ({
    ...{ domain: own.domain, headOf: own.adapter, criterion, sparsity },
    members: members.map(({ domain, adapter }) => ({ domain, adapter })),
  }));
  const rows = await criterionUnit.rows(study, inputs, options);
  return tests.map(({ mixed, criterion, sparsity, own, members }, i) => {
    const { accuracy } = rows[i];
    const row: CriterionRow = {
      ...{ criterion, sparsity, target: own.domain, members: members.map(({ domain }) => domain), mixed, accuracy },
      loss: 100 * (own.accuracy - accuracy),
    };
    return madeFrom(row, rows[i], members);
  });
}

/** What may foretell the harm that a partner does to a target. */
export interface PredictorRow extends PredictorUnitResult {
  target: string;
  partner: string;
}

/**
 * Every ordered pair of adapters of one method and seed with all that may foretell how the partner harms the target. The adapters after
 * few steps are those of the shortest length of `partnerSteps`, from the shared start.
 */
export async function measurePredictors(
  study: Study,
  singles: readonly TrainRow[],
  options: RunOptions = {},
): Promise<PredictorRow[]> {
  const early = await earlySingles(study, singles, options);
  const member = (i: number) => ({
    ...{ domain: singles[i].domain, adapter: singles[i].adapter, early: early[i].adapter },
  });
  const pairs = singles.flatMap((_, target) =>
    singles.flatMap((_, partner) => (partner === target ? [] : [{ target, partner }])),
  );
  const inputs = pairs.map(({ target, partner }) => ({ target: member(target), partner: member(partner) }));
  const rows = await predictorUnit.rows(study, inputs, options);
  return pairs.map(({ target, partner }, i) => {
    const { ran: _, ...found } = rows[i];
    const named = { target: singles[target].domain, partner: singles[partner].domain };
    return madeFrom({ ...named, ...found }, rows[i], singles[target], singles[partner]);
  });
}

function earlySingles(study: Study, singles: readonly TrainRow[], options: RunOptions): Promise<TrainRow[]> {
  const [{ method, seed }] = singles;
  const shared = inRegime(study, "controlled");
  const steps = Math.min(...study.settings.partnerSteps);
  const short = { ...shared, settings: { ...shared.settings, steps } };
  const domains = singles.map(({ domain }) => domain);
  return trainSingles(short, { methods: [method as AdapterMethod], seeds: [seed], domains }, options);
}
