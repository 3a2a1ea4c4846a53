import { enumerateMixtures } from "../mixing/subsets.js";
import { inRegime, regimes } from "../study/in-regime.js";
import type { Experiment } from "../study/pending.js";
import type { Settings } from "../study/profile.js";
import type { Study } from "../study/study.js";
import { attackSingles, attackWithTextFooler, selfVictims } from "./attack/attack-sets.js";
import { attackSimilarity } from "./attack/attack-similarity.js";
import { attackedMixtures, attackTests, trainAttackers } from "./attack/attacked-mixtures.js";
import { fgsmMixtures } from "./attack/fgsm-mixtures.js";
import { adaptiveSample, textFoolerMixtures } from "./attack/textfooler-mixtures.js";
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
import { allPairs } from "./conflict/pairs.js";
import { measureRandomised, partnerStudies } from "./conflict/randomised.js";
import { measureSimilarity } from "./conflict/similarity.js";
import { embedTexts } from "./greedy/pick.js";
import { sweepCoefficients } from "./mix/coefficients.js";
import { measureFloors, sampleMixtures, subsetOf, sweep } from "./mix/mixtures.js";
import { measurePools, poolDomains } from "./mix/pool.js";
import { pruneSingles } from "./prune/pruning-curves.js";
import { mixLayerSparse } from "./sparse/layer-sparse.js";
import { mixSparse, type SparseSelection, sparseKinds } from "./sparse/sparse-mixtures.js";
import { measureBaselines, trainSingles } from "./train/singles.js";
import type { TrainRow } from "./train/train-unit.js";
import { trainUnions } from "./train/unions.js";

/** What one notebook computes. */
export interface NotebookExperiments {
  /** The notebook's name, without its ending. */
  notebook: string;
  experiments: Experiment[];
}

/** What notebook 02 computes of all methods, in the regime that its first cell names. */
const mixingOfAll: readonly Experiment[] = [
  trainUnions,
  measureBaselines,
  async (study) => measureFloors(study, await trainSingles(study)),
  async (study) => sweep(study, await trainSingles(study), sampleMixtures(study)),
  async (study) => sweep(study, await trainSingles(study), unionSets(study)),
  async (study) => sweep(study, await trainSingles(study), [subsetOf(study, study.settings.domains.slice(0, 2))]),
];

/** The same in the controlled regime, as its first exercise asks: stored where a class does it, who should not wait. */
const inExercise =
  (experiment: Experiment): Experiment =>
  async (study) =>
    study.settings.source === "classroom" ? experiment(inRegime(study, "controlled")) : undefined;

/**
 * What the notebooks compute, in their order, for a study that is opened as they open it: where all of it is stored, they
 * compute nothing. A notebook that computes something new has a new line here; a test holds the two together. An experiment
 * that needs no other's rows stands by itself, so that both can be computed at once.
 */
export const notebookExperiments: readonly NotebookExperiments[] = [
  {
    notebook: "00-tour",
    experiments: [
      async (study) => {
        const singles = await trainSingles(study, tourOf(study));
        await sweep(study, singles, enumerateMixtures(study.settings.tourDomains.length));
      },
      async (study) => {
        const two = study.settings.tourDomains.slice(0, 2);
        await sweepCoefficients(study, await trainSingles(study, tourOf(study)), two);
      },
      async (study) => measureFloors(study, await trainSingles(study, tourOf(study))),
      async (study) => measureBaselines(study, tourOf(study)),
    ],
  },
  {
    notebook: "01-train-adapters",
    experiments: [trainSingles, measureBaselines, trainSmallerOne],
  },
  {
    notebook: "02-mix-adapters",
    experiments: [
      ...mixingOfAll,
      ...mixingOfAll.map(inExercise),
      ...inBothRegimes(async (study) => sweep(study, await trainSingles(study), sampleMixtures(study))),
      ...countedTargets(),
    ],
  },
  {
    notebook: "03-sign-conflict",
    experiments: [
      async (study) => {
        for (const changed of partnerStudies(study))
          await trainSingles(changed, { methods: study.settings.poolMethods });
      },
      measureRandomised,
      async (study) => trainSingles(study, { methods: study.settings.methods.slice(-1) }),
      async (study) => embedTexts(study, study.settings.domains),
      async (study) => measureSimilarity(study, await trainSingles(study)),
      ...inBothRegimes(async (study) => sweep(study, await trainSingles(study), specifiedSets(study))),
      ...countedTargets(),
    ],
  },
  {
    notebook: "04-adversarial",
    experiments: [
      attackSimilarity,
      async (study) => attackSingles(study, selfVictims(study, await singlesToAttack(study))),
      async (study) => {
        const sample = adaptiveSample(study, await testsOf(study));
        await attackWithTextFooler(
          study,
          sample.map(({ own, mixture }) => ({ own, recipe: mixture })),
        );
      },
      ...testsUnderAttack(),
      ...inBothRegimes(...testsUnderAttack()),
      ...countedTargets(),
    ],
  },
  {
    notebook: "05-greedy-mixing",
    experiments: [
      async (study) => measurePools(study, await trainSingles(study)),
      async (study) => embedTexts(study, poolDomains(study)),
      ...inBothRegimes(async (study) => measurePools(study, await trainSingles(study))),
      ...countedTargets(),
    ],
  },
  {
    notebook: "06-prune-adapters",
    experiments: [
      async (study) => pruneSingles(study, await trainSingles(study), { weights: ["raw", "change"] }),
      async (study) => measureFloors(study, await trainSingles(study)),
      measureBaselines,
      pruneTour,
      async (study) => pruneSingles(study, await firstOf(study), { sparsities: [0.9], scopes: ["global"] }),
      async (study) => pruneSingles(study, await likeFirstOf(study), { sparsities: [0.6, 0.97, 1] }),
      ...inBothRegimes(async (study) => pruneSingles(study, await trainSingles(study), { sparsities: [0.9] })),
      ...countedTargets(),
    ],
  },
  {
    notebook: "07-prune-then-mix",
    experiments: [
      async (study) => mixLayerSparse(study, await measurePools(study, await trainSingles(study))),
      async (study) => mixPools(study, { kinds: ["sparse"] }),
      async (study) => mixPools(study, { kinds: sparseKinds, perSize: study.settings.controlsPerSize }),
      async (study) => mixPools(study, { kinds: sparseKinds, perSize: 1, sparsities: [0.9], weights: "change" }),
      ...inBothRegimes(async (study) => mixLayerSparse(study, await measurePools(study, await trainSingles(study)))),
      ...countedTargets(),
    ],
  },
  {
    notebook: "08-beyond-the-paper",
    experiments: [
      async (study) => measureDoses(study, await controlledSingles(study)),
      async (study) => measureStrengths(study, await controlledSingles(study)),
      async (study) => measureStrengths(otherStrengths(study), await controlledSingles(study)),
      async (study) => measureWays(study, await controlledSingles(study, study.settings.wayMethods)),
      async (study) => measureCriteria(study, await controlledSingles(study)),
      async (study) => mixAcrossTasks(study, (await controlledSingles(study)).filter(inTour(study))),
      async (study) => measureSimilarity(study, await trainSingles(study)),
      ...inBothRegimes(
        async (study) => measurePredictors(study, await firstSingles(study)),
        async (study) => sweep(study, await firstSingles(study), allPairs(study)),
      ),
      async (study) => sweep(study, await trainSingles(study), sampleMixtures(study)),
      ...countedTargets(),
    ],
  },
];

const tourOf = ({ settings: { tourDomains, poolMethods, seeds } }: Study) => ({
  domains: tourDomains,
  methods: poolMethods.slice(0, 1),
  seeds: seeds.slice(0, 1),
});

const inTour =
  ({ settings }: Study) =>
  ({ domain }: TrainRow) =>
    settings.tourDomains.includes(domain);

/** As claims are decided: in both regimes, with the adapters of the pool's methods. */
function inBothRegimes(...experiments: Experiment[]): Experiment[] {
  return Object.values(regimes).flatMap((regime) =>
    experiments.map(
      (experiment): Experiment =>
        (study) => {
          const settings: Settings = { ...study.settings, methods: study.settings.poolMethods };
          return experiment(inRegime({ ...study, settings }, regime));
        },
    ),
  );
}

/** What says which targets count for a claim (`mix/counted-targets.ts`). */
function countedTargets(): Experiment[] {
  const floors: Experiment = async (study) => measureFloors(study, await trainSingles(study));
  return inBothRegimes(floors, measureBaselines);
}

/** The change that notebook 01 proposes: an adapter of a quarter of the bottleneck. */
async function trainSmallerOne(study: Study): Promise<TrainRow[]> {
  const { settings } = study;
  const [domains, methods, seeds] = [settings.domains, settings.methods, settings.seeds].map((list) =>
    list.slice(0, 1),
  );
  const smaller = { ...study, settings: { ...settings, reductionFactor: 4 * settings.reductionFactor } };
  return trainSingles(smaller, { domains, methods, seeds } as Parameters<typeof trainSingles>[1]);
}

const unionSets = (study: Study) => study.settings.unions.map((names) => subsetOf(study, names));

/** The mixtures of a specification curve: every pair, larger ones as in the sweep. */
const specifiedSets = (study: Study) => [
  ...allPairs(study),
  ...sampleMixtures(study).filter(({ length }) => length > 2),
];

/** The change that notebook 08 proposes: other factors on the mean change of two adapters. */
function otherStrengths(study: Study): Study {
  const changes = { strengths: [0.5, 1, 3], mixtureSizes: [2], waySizes: [2], waySets: 1 };
  return { ...study, settings: { ...study.settings, ...changes } };
}

const firstOf = async (study: Study) => (await trainSingles(study)).slice(0, 1);

/** The adapters of the first one's domain and seed, of every method. */
async function likeFirstOf(study: Study): Promise<TrainRow[]> {
  const singles = await trainSingles(study);
  return singles.filter(({ domain, seed }) => domain === singles[0].domain && seed === singles[0].seed);
}

const singlesToAttack = (study: Study) => trainSingles(study, { methods: study.settings.attackMethods });

async function testsOf(study: Study) {
  const [singles, attackers] = [await singlesToAttack(study), await trainAttackers(study)];
  return attackTests(study, singles, attackers, attackedMixtures(study));
}

/** Mixtures under both attacks, step by step what `measureAttacks` does at once. */
function testsUnderAttack(): Experiment[] {
  return [
    async (study) => fgsmMixtures(study, await testsOf(study)),
    async (study) => {
      const sets = await attackSingles(study, await trainAttackers(study));
      await textFoolerMixtures(study, await testsOf(study), sets);
    },
  ];
}

/** The adapters that notebook 06 prunes beside its curves: the tour's, of the method and seed of the first. */
async function pruneTour(study: Study): Promise<void> {
  const singles = await trainSingles(study);
  const [{ method, seed }] = singles;
  const { tourDomains } = study.settings;
  const tour = singles.filter((row) => row.method === method && row.seed === seed && tourDomains.includes(row.domain));
  await pruneSingles(study, tour, { scopes: ["global", "layer", "tensor"] });
}

async function mixPools(study: Study, selection: SparseSelection): Promise<void> {
  await mixSparse(study, await measurePools(study, await trainSingles(study)), selection);
}
