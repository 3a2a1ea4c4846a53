import { designSeeds, ofSeeds } from "../study/design-seeds.js";
import { inRegime, regimes } from "../study/in-regime.js";
import type { Settings } from "../study/profile.js";
import { schedules, starts } from "../study/regime.js";
import type { RunOptions } from "../study/run.js";
import type { Study } from "../study/study.js";
import { mixAcrossTasks } from "./beyond/across-tasks.js";
import {
  controlledSingles,
  firstSingles,
  measureCriteria,
  measureDoses,
  measurePredictors,
  measureStrengths,
  measureWays,
} from "./beyond/measure.js";
import { specificationSets } from "./conflict/measured-specifications.js";
import { allPairs, flipSets, measureFlips, measurePairs } from "./conflict/pairs.js";
import { measureRandomised } from "./conflict/randomised.js";
import { measureSimilarity } from "./conflict/similarity.js";
import { tensorSignsUnit } from "./conflict/tensor-signs-unit.js";
import { pickUnit } from "./greedy/pick-unit.js";
import { type WeightPicker, weightPickers } from "./greedy/pickers.js";
import { measureFloors, sampleMixtures, subsetOf, sweep } from "./mix/mixtures.js";
import { measurePools, poolSingles } from "./mix/pool.js";
import { pruneSingles } from "./prune/pruning-curves.js";
import { mixLayerSparse } from "./sparse/layer-sparse.js";
import { prunedSignsUnit } from "./sparse/pruned-signs-unit.js";
import { mixSparse, sparseKinds } from "./sparse/sparse-mixtures.js";
import { trainGrid } from "./train/grid.js";
import { groupSingles, type SinglesGroup } from "./train/groups.js";
import { measureRates } from "./train/rate-trial.js";
import { measureBaselines, trainSingles } from "./train/singles.js";
import type { TrainRow } from "./train/train-unit.js";
import { trainUnions } from "./train/unions.js";

/** A part of a long study: it computes rows and draws nothing, so that notebooks find them stored. */
export interface Stage {
  name: string;
  /** What it computes, for a list of stages. */
  about: string;
  /** Which of the study's seeds it is for, where not for all: `designSeeds`, or the first alone. */
  seeds?: "design" | "first";
  /** Computes what is not stored yet, of the study's seeds. */
  run(study: Study, options: RunOptions): Promise<unknown>;
}

/**
 * The stages of a long study in their order. A stage trains again what its tests need and is not at hand, so one session
 * best takes one seed through all of them. Attacks are notebook 04's, and are run there.
 */
export const stages: readonly Stage[] = [
  {
    name: "rate",
    about: "single adapters at several learning rates, of which dev chooses",
    seeds: "first",
    run: (study, options) => (study.settings.rateTrial ? measureRates(study, options) : Promise.resolve()),
  },
  {
    name: "grid",
    about: "every domain from every start for every length",
    seeds: "design",
    run: trainGrid,
  },
  {
    name: "floors",
    about: "what the domains give without their adapters, in both regimes",
    run: inBoth(async (study, options) => {
      await measureBaselines(study, {}, options);
      await measureFloors(study, await trainSingles(study, {}, options), options);
    }),
  },
  {
    name: "randomised",
    about: "every ordered pair with the partner's start and length varied (S1)",
    seeds: "design",
    run: measureRandomised,
  },
  {
    name: "pairs",
    about: "every pair in both regimes",
    run: inBoth(async (study, options) =>
      sweep(study, await trainSingles(study, {}, options), allPairs(study), options),
    ),
  },
  {
    name: "signs",
    about: "what is counted on the signs of pairs and of larger sets, and how alike texts are, in both regimes",
    run: inBoth(async (study, options) => {
      const singles = await trainSingles(study, {}, options);
      await measurePairs(study, singles, options);
      for (const sets of [flipSets(study), specificationSets(study)]) await measureFlips(study, singles, sets, options);
      await measureSimilarity(study, singles, options);
      await storeSignCounts(study, singles, options);
    }),
  },
  {
    name: "sizes",
    about: "balanced sets of every size in both regimes",
    run: inBoth(async (study, options) =>
      sweep(study, await trainSingles(study, {}, options), sampleMixtures(study), options),
    ),
  },
  {
    name: "pruning",
    about: "single adapters pruned, in both regimes",
    run: inBoth(async (study, options) =>
      pruneSingles(study, await trainSingles(study, {}, options), { weights: ["raw", "change"] }, options),
    ),
  },
  {
    name: "pools",
    about: "every mixture of the pool's domains in both regimes (best and worst)",
    seeds: "design",
    run: inBoth(async (study, options) => measurePools(study, await trainSingles(study, {}, options), options)),
  },
  {
    name: "sparse",
    about: "algorithm 4 in the pool, in both regimes",
    seeds: "design",
    run: inBoth(async (study, options) =>
      mixLayerSparse(study, await measurePools(study, await trainSingles(study, {}, options), options), options),
    ),
  },
  {
    name: "beside",
    about: "what notebooks show beside, in the paper's regime: unions, scopes of pruning, sparse mixtures and controls",
    seeds: "first",
    async run(study, options) {
      const own = inRegime(ofPool(study), "paper");
      const { unions, tourDomains, controlsPerSize: perSize } = own.settings;
      const singles = await trainSingles(own, {}, options);
      await trainUnions(own, unions, options);
      await sweep(
        own,
        singles,
        unions.map((names) => subsetOf(own, names)),
        options,
      );
      const tour = singles.filter(({ domain }) => tourDomains.includes(domain));
      await pruneSingles(own, tour, { scopes: ["global", "layer", "tensor"] }, options);
      const pools = await measurePools(own, singles, options);
      await mixSparse(own, pools, { kinds: ["sparse"] }, options);
      await mixSparse(own, pools, { kinds: sparseKinds, perSize }, options);
    },
  },
  {
    name: "curve",
    about: "every pair in the other regimes of the specification curve",
    seeds: "design",
    async run(study, options) {
      for (const start of starts) {
        for (const schedule of schedules) {
          const own = ofPool(inRegime(study, { start, schedule }));
          await measurePairs(own, await trainSingles(own, {}, options), options);
        }
      }
    },
  },
  {
    name: "methods",
    about: "every pair of the other adapter methods, controlled",
    seeds: "first",
    async run(study, options) {
      const own = inRegime(study, "controlled");
      const singles = await trainSingles(own, { methods: ["houlsby", "lora"] }, options);
      await measurePairs(own, singles, options);
    },
  },
  {
    name: "beyond",
    about: "doses, strengths, ways, criteria and what foretells harm (notebook 08)",
    seeds: "first",
    async run(study, options) {
      const singles = await controlledSingles(study, undefined, options);
      await measureDoses(study, singles, options);
      await measureStrengths(study, singles, options);
      await measureWays(study, await controlledSingles(study, study.settings.wayMethods, options), options);
      await measureCriteria(study, singles, options);
      const { tourDomains } = study.settings;
      const tour = singles.filter(({ domain }) => tourDomains.includes(domain));
      await mixAcrossTasks(study, tour, options);
      for (const regime of Object.values(regimes)) {
        const own = inRegime(study, regime);
        await measurePredictors(own, await firstSingles(own, undefined, options), options);
      }
    },
  },
];

/** A stage by its name. @throws listing the stages */
export function stageOf(name: string): Stage {
  const stage = stages.find((one) => one.name === name);
  if (!stage) {
    const known = stages.map((one) => one.name).join(", ");
    throw new Error(`There is no stage "${name}"; the stages are ${known}.`);
  }
  return stage;
}

/** The seeds of a study that a stage is for. */
export function seedsOfStage(
  { seeds }: Pick<Stage, "seeds">,
  settings: Pick<Settings, "seeds" | "designSeeds">,
): number[] {
  if (seeds === "first") return settings.seeds.slice(0, 1);
  return seeds === "design" ? designSeeds(settings) : settings.seeds;
}

/** Runs a stage for one of the study's seeds; false where it is for others alone. */
export async function runStage(stage: Stage, study: Study, seed: number, options: RunOptions = {}): Promise<boolean> {
  if (!seedsOfStage(stage, study.settings).includes(seed)) return false;
  await stage.run({ ...study, settings: ofSeeds(study.settings, [seed]) }, options);
  return true;
}

/** What figures and tables count on signs beside pairs and sets, each as notebooks ask for it. */
async function storeSignCounts(study: Study, singles: readonly TrainRow[], options: RunOptions): Promise<void> {
  const { seeds, mixSparsities: sparsities } = study.settings;
  const hashesOf = ({ rows }: SinglesGroup) => rows.map(({ adapter }) => adapter);
  const firsts = groupSingles(singles.filter(({ seed }) => seed === seeds[0]));
  await tensorSignsUnit.rows(study, firsts.map(hashesOf), options);
  if (designSeeds(study.settings).length === 0) return;
  const pools = poolSingles(study, singles).map(hashesOf);
  const forms = pools.map((of) => ({ of, sparsities, weights: "raw" as const }));
  await prunedSignsUnit.rows(study, forms, options);
  const names = Object.keys(weightPickers) as WeightPicker[];
  const picks = pools.flatMap((of) => names.map((picker) => ({ of, picker })));
  await pickUnit.rows(study, picks, options);
}

/** As claims are decided: with adapters of the pool's methods alone, in one regime after the other. */
function inBoth(run: Stage["run"]): Stage["run"] {
  return async (study, options) => {
    for (const regime of Object.values(regimes)) await run(inRegime(ofPool(study), regime), options);
  };
}

function ofPool(study: Study): Study {
  return { ...study, settings: { ...study.settings, methods: study.settings.poolMethods } };
}
