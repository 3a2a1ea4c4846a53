import { mean } from "simple-statistics";
import { adapterFromMatrix } from "../adapters/from-matrix.js";
import { enumerateMixtures } from "../mixing/subsets.js";
import { fractionOfSignDifference, type ZeroRule } from "../signs/sign-difference.js";
import { inRegime } from "../study/in-regime.js";
import type { Study } from "../study/study.js";
import * as conflict from "./conflict/index.js";
import * as greedy from "./greedy/index.js";
import * as mix from "./mix/index.js";
import * as prune from "./prune/index.js";
import * as train from "./train/index.js";

/** A number, numbers in their order, or names, whose order does not matter. */
export type Answer = number | readonly number[] | readonly string[];

/** An exercise whose answer the study's rows give. */
export interface Exercise {
  /** What an answer is, in words. */
  takes: string;
  /** The form of an answer, as a cell writes it. */
  form: string;
  /** What a wrong answer is told. It does not give the right one away. */
  hint: string;
  /** How far numbers may be off. */
  within?: number;
  /** Whether it is a count, which no other unit can be mistaken for. */
  isCount?: true;
  /** The answer as the rows have it, at whatever profile and in whatever regime the study is. */
  answer(study: Study): Answer | Promise<Answer>;
}

/** The exercises that can be checked, by notebook and number. */
export const exercises: Readonly<Record<string, Exercise>> = {
  "00.1": {
    takes: "how much FSD by hand changes, a share",
    form: "0.5",
    hint: "FSD is a count over six places. By how much does the count change when one sign flips?",
    within: 0.005,
    answer() {
      const red = adapterFromMatrix("red", [[1, -1, 1, 1, 1, -1]]);
      const fsd = (signs: number[]) => fractionOfSignDifference(red, adapterFromMatrix("blue", [signs])).overall;
      return fsd([-1, 1, 1, -1, 1, -1]) - fsd([1, 1, 1, -1, 1, -1]);
    },
  },
  "00.2": {
    takes: "the names of the two domains of least FSD",
    form: '["…", "…"]',
    hint: "`fsd` is a matrix in the order of `tourDomains`. Look above its diagonal for the least number, and take the names of its row and its column.",
    async answer(study) {
      const { tourDomains: domains, poolMethods, seeds } = study.settings;
      const first = { domains, methods: poolMethods.slice(0, 1), seeds: seeds.slice(0, 1) };
      const matrix = conflict.pairwiseFsd(study, await train.trainSingles(study, first));
      const pairs = enumerateMixtures(domains.length, { sizes: [2] });
      return leastOf(pairs, ([a, b]) => matrix[a][b]).map((i) => domains[i]);
    },
  },
  "01.1": {
    takes: "the name of the domain on which a bag of words gains least over the most frequent label",
    form: '["…"]',
    hint: "The table has the gain of the adapter over each baseline. What a bag of words gains over the most frequent label is the difference of two of its columns.",
    async answer(study) {
      const baselines = await train.measureBaselines(study);
      const gainOf = (name: string) =>
        mean(baselines.filter(({ domain }) => domain === name).map((row) => row.bagOfWords - row.majority));
      return [leastOf(study.settings.domains, gainOf)];
    },
  },
  "01.2": {
    takes: "the name of the method that moves farthest, in the mean over domains",
    form: '["…"]',
    hint: "One domain may be an exception: average *distance moved* over all domains, method by method.",
    async answer(study) {
      const singles = await train.trainSingles(study);
      const movedBy = (name: string) => mean(singles.filter(({ method }) => method === name).map(({ moved }) => moved));
      return [leastOf(study.settings.methods, (method) => -movedBy(method))];
    },
  },
  "02.1": {
    takes:
      "the names of the domains whose mean interference is below zero, controlled and for the methods of `poolMethods`; an empty list if there is none",
    form: '["…", "…"]',
    hint: "Controlled, each row of two adapters and more has its `interference`. Average it for each `target`, over all its rows, and keep the names with a mean below zero.",
    async answer(study) {
      const controlled = inRegime(study, "controlled");
      const rows = await sampled(controlled, { methods: study.settings.poolMethods });
      const mixed = rows.filter(({ size }) => size > 1);
      const byTarget = (name: string) =>
        mean(mixed.filter(({ target }) => target === name).map((row) => row.interference));
      return controlled.settings.domains.filter((name) => byTarget(name) < 0);
    },
  },
  "02.2": {
    takes: "the names of the three domains whose mixture loses least",
    form: '["…", "…", "…"]',
    hint: "A mixture of three has a drop for each of its members, and for each method. Average them before you sort: one member may gain where another is ruined.",
    async answer(study) {
      const three = Math.min(3, study.settings.domains.length);
      const rows = (await sampled(study)).filter(({ size }) => size === three);
      const mixtures = [...new Map(rows.map(({ members }) => [members.join(), members])).values()];
      const dropOf = (members: readonly string[]) =>
        mean(rows.filter((row) => row.members.join() === members.join()).map(({ drop }) => drop));
      return leastOf(mixtures, dropOf);
    },
  },
  "02.3": {
    takes: "the mean drop of mixtures of two, then that of three, in points",
    form: "[0.0, 0.0]",
    hint: "Average `drop` over all rows of `results` whose `size` is 2, then over those whose size is 3.",
    within: 0.05,
    async answer(study) {
      const rows = await sampled(study);
      return [2, 3].map((wanted) => mean(rows.filter(({ size }) => size === wanted).map(({ drop }) => drop)));
    },
  },
  "03.1": {
    takes: "the FSD with the four zeros by the rules `never`, `ownSign` and `bothNonZero`, three shares",
    form: "[0.0, 0.0, 0.0]",
    hint: "Two rules divide by all six places. The third divides by the places at which neither weight is zero: how many are left?",
    within: 0.005,
    answer() {
      const [one, two] = [
        adapterFromMatrix("one", [[1, -1, 0, 0, 0, 0]]),
        adapterFromMatrix("two", [[-1, 1, 0, 0, 0, 0]]),
      ];
      const rules: ZeroRule[] = ["never", "ownSign", "bothNonZero"];
      return rules.map((zeros) => fractionOfSignDifference(one, two, { zeros }).overall);
    },
  },
  "03.2": {
    takes: "the mean ratio for partners of one start, then of two; one number where the study has one kind alone",
    form: "[0.0, 0.0]",
    hint: "Each row of `pairs` has its `flipShare`, its `fsd` and whether both have the `sameStart`. Divide row by row, then average the two groups apart.",
    within: 0.005,
    async answer(study) {
      const methods = study.settings.poolMethods.slice(0, 1);
      const singles = await train.trainSingles(study, { methods });
      const pairs = await conflict.measurePairs(study, singles);
      const groups = [true, false].map((same) => pairs.filter(({ sameStart }) => sameStart === same));
      const ratios = groups
        .filter((rows) => rows.length > 0)
        .map((rows) => mean(rows.map(({ flipShare, fsd }) => flipShare / fsd)));
      return ratios;
    },
  },
  "05.1": {
    takes: "at how many places, all counted, the two orders agree for the first domain of the pool",
    form: "0",
    hint: "Write the order by `fsd` and that by `movedLeast` below each other, the target first in both, and count the places with the same domain.",
    within: 0.1,
    isCount: true,
    async answer(study) {
      const [pool] = mix.poolSingles(study, await train.trainSingles(study));
      const [one, other] = [greedy.pickers.fsd, greedy.pickers.movedLeast].map((picker) =>
        greedy.pickFor(study, pool, picker, 0, new Map()).at(-1),
      );
      return one?.filter((member, place) => member === other?.[place]).length ?? 0;
    },
  },
  "06.1": {
    takes: "the accuracy in percent that `single` keeps at a sparsity of 1",
    form: "0.0",
    hint: "Prune the adapter `single` with `sparsities: [1]` by `sm.prune.pruneSingles`, and read `accuracy`, times 100.",
    within: 0.05,
    async answer(study) {
      const [single] = await train.trainSingles(study);
      const [empty] = await prune.pruneSingles(study, [single], { sparsities: [1] });
      return 100 * empty.accuracy;
    },
  },
  "06.2": {
    takes:
      "the least of the shares 0.01, 0.05, 0.1, 0.3 and 0.9 of the largest weights that does `single` as much harm as 0.9 of the smallest",
    form: "0.0",
    hint: 'Prune `adapter` with `criterion: "largest"` at each of the shares, test it with its own `head` as the cell by hand does, and stop at the first that is no better than 0.9 of the smallest.',
    within: 0.001,
    async answer(study) {
      const [single] = await train.trainSingles(study);
      const scopes = ["global" as const];
      const shares = [0.01, 0.05, 0.1, 0.3, 0.9];
      const [small] = await prune.pruneSingles(study, [single], { sparsities: [0.9], scopes });
      const largest = await prune.pruneSingles(study, [single], { sparsities: shares, scopes, criterion: "largest" });
      return largest.find(({ accuracy }) => accuracy <= small.accuracy)?.sparsity ?? 1;
    },
  },
  "06.3": {
    takes:
      "the names of the domains on which the method of `single` gained nothing over the frozen probe; an empty list if there is none",
    form: '["…", "…"]',
    hint: "`sm.train.gainsOf(singles, baselines)` has a row for each domain and method. Keep those of `single.method` with `overFrozenProbe` not above zero.",
    async answer(study) {
      const methods = study.settings.methods.slice(0, 1);
      const singles = await train.trainSingles(study, { methods });
      const gains = train.gainsOf(singles, await train.measureBaselines(study));
      return gains.filter(({ overFrozenProbe }) => overFrozenProbe <= 0).map(({ domain }) => domain);
    },
  },
  "07.1": {
    takes: "the factor by which random masks that keep a tenth of each adapter multiply FSD on average",
    form: "0.0",
    hint: "A conflict is left only where both weights of a place are kept. How probable is that for two independent masks?",
    within: 0.0005,
    answer: () => 0.1 ** 2,
  },
  "07.2": {
    takes: "the share of zeros expected in an average of three adapters, each pruned to 90% at random",
    form: "0.0",
    hint: "A weight of the average is zero only where it is zero in all three.",
    within: 0.005,
    answer: () => 0.9 ** 3,
  },
};

async function sampled(study: Study, selection: train.Selection = {}): Promise<mix.MixtureResult[]> {
  return mix.sweep(study, await train.trainSingles(study, selection), mix.sampleMixtures(study));
}

function leastOf<T>(all: readonly T[], score: (one: T) => number): T {
  return all.reduce((least, one) => (score(one) < score(least) ? one : least));
}
