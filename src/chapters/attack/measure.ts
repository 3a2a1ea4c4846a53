import type { Study } from "../../study/study.js";
import { trainSingles } from "../train/singles.js";
import { type AttackSet, attackSingles } from "./attack-sets.js";
import {
  type AttackedMixture,
  type AttackTest,
  attackedMixtures,
  attackTests,
  trainAttackers,
} from "./attacked-mixtures.js";
import { fgsmMixtures } from "./fgsm-mixtures.js";
import { textFoolerMixtures } from "./textfooler-mixtures.js";

/** Mixtures of a study under both attacks. */
export interface MeasuredAttacks {
  /** The mixtures, each on the domain of one of its members. */
  tests: AttackTest[];
  /** TextFooler's texts, made against the second-seed adapters. */
  sets: AttackSet[];
  /** The mixtures on those texts. */
  textFooler: AttackedMixture[];
  /** The mixtures under FGSM, at every strength and access. */
  fgsm: AttackedMixture[];
}

/** Trains what is attacked and what attacks, makes TextFooler's texts, and tests the profile's mixtures under both attacks. */
export async function measureAttacks(study: Study): Promise<MeasuredAttacks> {
  const singles = await trainSingles(study, { methods: study.settings.attackMethods });
  const attackers = await trainAttackers(study);
  const sets = await attackSingles(study, attackers);
  const tests = attackTests(study, singles, attackers, attackedMixtures(study));
  const textFooler = await textFoolerMixtures(study, tests, sets);
  return { tests, sets, textFooler, fgsm: await fgsmMixtures(study, tests) };
}
