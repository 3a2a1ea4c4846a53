import { enumerateMixtures } from "../../mixing/subsets.js";
import { madeFrom } from "../../results/origin.js";
import type { ClassifierRecipe } from "../../study/recipe.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import type { MixtureResult } from "../mix/mixtures.js";
import { groupSingles } from "../train/groups.js";
import { trainSingles } from "../train/singles.js";
import type { TrainRow } from "../train/train-unit.js";

/** Whether an attack was built against the classifier under test (white-box) or against another of its domain. */
export type Access = "whiteBox" | "transferred";

/**
 * A mixture under attack. Accuracy, single, diluted and what follows from them are on attacked examples; where the diluted
 * adapter was not attacked, it and its parts are NaN.
 */
export interface AttackedMixture extends MixtureResult {
  attack: "textFooler" | "fgsm";
  access: Access;
  /** Strength of FGSM; 0 is clean text. NaN for TextFooler. */
  epsilon: number;
  /** The mixture's accuracy on the same examples, clean. */
  clean: number;
  /** The same of the target's own adapter alone. */
  cleanSingle: number;
}

/** A mixture to be attacked or tested on attacked text, on the domain of one of its members. */
export interface AttackTest {
  /** The target's own adapter. */
  own: TrainRow;
  members: TrainRow[];
  /** The adapter of the target's domain and method that attacks are built against: of another seed, mixed into nothing. */
  attacker: TrainRow;
  mixture: ClassifierRecipe;
  diluted: ClassifierRecipe;
}

/** One trained adapter with its own head. */
export function singleRecipe({ adapter }: TrainRow): ClassifierRecipe {
  return { headOf: adapter, recipe: { make: "mixture", of: [adapter] } };
}

/** The domains whose test examples are attacked: those of the profile's list that the study has. */
export function attackedDomains({ settings }: Study): string[] {
  return settings.domains.filter((domain) => settings.attackDomains.includes(domain));
}

/** Trains the adapters that attacked texts are built against: one seed apart, of the attacked domains and methods. */
export function trainAttackers(study: Study, options: RunOptions = {}): Promise<TrainRow[]> {
  const { attackMethods: methods, attackSeed, seeds } = study.settings;
  if (seeds.includes(attackSeed)) {
    throw new Error(`Adapters of seed ${attackSeed} are mixed; give attackSeed a value that is not among the seeds.`);
  }
  return trainSingles(study, { domains: attackedDomains(study), methods, seeds: [attackSeed] }, options);
}

/** Each domain alone, and the mixtures that are tested on attacked text: those of notebook 02 where as many are sampled. */
export function attackedMixtures({ settings }: Study): number[][] {
  const { domains, mixtureSizes, attackMixturesPerSize } = settings;
  const sample = { sizes: mixtureSizes, perSize: attackMixturesPerSize, seed: "sweep" };
  return [...domains.map((_, i) => [i]), ...enumerateMixtures(domains.length, sample)];
}

/**
 * The tests of mixtures on attacked text: every subset on the attacked domains of its members, by method and seed.
 *
 * @param singles rows of `trainSingles`, all domains; those of the attackers' methods are mixed
 * @param attackers rows of `trainAttackers`
 * @throws naming the domain that has no attacker
 */
export function attackTests(
  study: Study,
  singles: readonly TrainRow[],
  attackers: readonly TrainRow[],
  subsets: readonly (readonly number[])[],
): AttackTest[] {
  const domains = attackedDomains(study);
  const methods: readonly string[] = study.settings.attackMethods;
  return groupSingles(singles.filter(({ method }) => methods.includes(method))).flatMap(({ rows }) =>
    subsets.flatMap((subset) =>
      subset
        .map((target) => rows[target])
        .filter(({ domain }) => domains.includes(domain))
        .map((own): AttackTest => {
          const attacker = attackers.find(({ domain, method }) => domain === own.domain && method === own.method);
          if (!attacker) throw new Error(`There is no adapter to attack ${own.domain} (${own.method}) with.`);
          const members = subset.map((member) => rows[member]);
          const headOf = own.adapter;
          return {
            ...{ own, members, attacker },
            mixture: { headOf, recipe: { make: "mixture", of: members.map(({ adapter }) => adapter) } },
            diluted: { headOf, recipe: { make: "diluted", of: own.adapter, by: subset.length } },
          };
        }),
    ),
  );
}

/**
 * What one test gave, as a result of the shape that claims and associations take.
 * @param from the rows that say so
 */
export function attackedMixture(
  { own, members, attacker }: AttackTest,
  attack: Pick<AttackedMixture, "attack" | "access" | "epsilon">,
  accuracies: Pick<AttackedMixture, "accuracy" | "single" | "diluted" | "clean" | "cleanSingle">,
  from: readonly object[],
): AttackedMixture {
  const { accuracy, single, diluted } = accuracies;
  const result: AttackedMixture = {
    ...{ method: own.method, seed: own.seed, target: own.domain, size: members.length },
    members: members.map(({ domain }) => domain),
    ...attack,
    ...accuracies,
    drop: 100 * (single - accuracy),
    dilution: 100 * (single - diluted),
    interference: 100 * (diluted - accuracy),
  };
  return madeFrom(result, own, members, attacker, from);
}
