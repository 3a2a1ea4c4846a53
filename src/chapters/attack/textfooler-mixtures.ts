import { createRandom } from "../../engine/random.js";
import { madeFrom } from "../../results/origin.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { startsOf } from "../train/starts.js";
import { type AttackSet, attackWithTextFooler } from "./attack-sets.js";
import { type AttackedMixture, type AttackTest, attackedMixture, singleRecipe } from "./attacked-mixtures.js";
import { attackedUnit } from "./attacked-unit.js";
import type { TextFoolerRow } from "./textfooler-unit.js";

/**
 * Tests mixtures on texts that TextFooler made against an adapter of another seed, so that single adapters and mixtures
 * are both victims of a transferred attack. The target's own adapter alone reads the same texts, and so it does diluted
 * where the members share a start; elsewhere there is no dilution, and `diluted` is NaN.
 *
 * @param sets what `attackSingles` made against the attackers of the tests
 * @throws naming the domain whose texts were not attacked
 */
export async function textFoolerMixtures(
  study: Study,
  tests: readonly AttackTest[],
  sets: readonly AttackSet[],
  options: RunOptions = {},
): Promise<AttackedMixture[]> {
  const members = [...new Set(tests.flatMap((test) => test.members))];
  const starts = new Map((await startsOf(study, members)).map((start, i) => [members[i], start]));
  const shares = tests.map((test) => new Set(test.members.map((member) => starts.get(member))).size === 1);
  const units = tests.flatMap(({ own, attacker, mixture, diluted }, t) => {
    const set = sets.find(({ texts }) => texts.victim.headOf === attacker.adapter);
    if (!set) throw new Error(`The texts of "${own.domain}" were not attacked against its ${attacker.method} adapter.`);
    return [mixture, singleRecipe(own), ...(shares[t] ? [diluted] : [])].map((tested) => ({
      domain: own.domain,
      tested,
      texts: set.texts,
    }));
  });
  const rows = await attackedUnit.rows(study, units, options);
  let next = 0;
  return tests.map((test, t) => {
    const tested = rows.slice(next, next + (shares[t] ? 3 : 2));
    next += tested.length;
    const [mixture, single] = tested;
    return attackedMixture(
      test,
      { attack: "textFooler", access: "transferred", epsilon: Number.NaN },
      {
        ...{ accuracy: mixture.accuracy, single: single.accuracy, diluted: tested[2]?.accuracy ?? Number.NaN },
        ...{ clean: mixture.cleanAccuracy, cleanSingle: single.cleanAccuracy },
      },
      tested,
    );
  });
}

/** A classifier on texts made for another adapter, and on texts made for itself. Accuracies are shares of the examples. */
export interface AdaptiveResult {
  method: string;
  seed: number;
  target: string;
  members: string[];
  size: number;
  clean: number;
  /** On texts made against the second-seed adapter. */
  transferred: number;
  /** On texts made against the very classifier. */
  adaptive: number;
}

/**
 * A sample of tests for attacks on the mixtures themselves, and the single adapters of the same targets. Sizes take turns,
 * and within a size the targets that had fewest turns come first.
 */
export function adaptiveSample({ settings }: Study, tests: readonly AttackTest[]): AttackTest[] {
  const first = tests.filter(({ own }) => own.seed === settings.seeds[0]);
  const left = createRandom("adaptive").shuffle(first.filter(({ members }) => members.length > 1));
  const sizes = [...new Set(left.map(({ members }) => members.length))].sort((a, b) => a - b);
  const turns = new Map<string, number>();
  const turnsOf = ({ own }: AttackTest) => turns.get(own.domain) ?? 0;
  const chosen: AttackTest[] = [];
  const count = Math.min(settings.adaptiveTests, left.length);
  for (let turn = 0; chosen.length < count; turn++) {
    const size = sizes[turn % sizes.length];
    const candidates = left.filter((test) => test.members.length === size && !chosen.includes(test));
    if (candidates.length === 0) continue;
    const next = candidates.reduce((least, test) => (turnsOf(test) < turnsOf(least) ? test : least));
    turns.set(next.own.domain, turnsOf(next) + 1);
    chosen.push(next);
  }
  const alone = first.filter(
    ({ own, members }) => members.length === 1 && chosen.some((test) => test.own.adapter === own.adapter),
  );
  return [...alone, ...chosen];
}

/**
 * Attacks the classifiers of a sample themselves, and compares that with the attack that was made for another adapter.
 * @param sets what `attackSingles` made against the attackers
 */
export async function compareAdaptive(
  study: Study,
  sample: readonly AttackTest[],
  sets: readonly AttackSet[],
  options: RunOptions = {},
): Promise<AdaptiveResult[]> {
  const victims = sample.map(({ own, mixture }) => ({ own, recipe: mixture }));
  const attacked = await attackWithTextFooler(study, victims, options);
  const transferred = await textFoolerMixtures(study, sample, sets);
  return transferred.map((mixture, i) => {
    const { method, seed, target, members, size, clean, accuracy } = mixture;
    const adaptive = shareRight(attacked[i].rows);
    const result = { ...{ method, seed, target, members, size, clean }, transferred: accuracy, adaptive };
    return madeFrom(result, mixture, attacked[i].rows);
  });
}

/** Share of the examples that their victim gets right after the attack. */
export function shareRight(rows: readonly TextFoolerRow[]): number {
  return rows.filter(({ verdict }) => verdict === "failed").length / rows.length;
}
