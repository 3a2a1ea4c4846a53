import { mean } from "simple-statistics";
import { formatFixed, formatPercent, formatPoints } from "../../display/number-format.js";
import { meanHarm } from "../mix/claims.js";
import { type AttackSet, summaryOf } from "./attack-sets.js";
import type { Access, AttackedMixture } from "./attacked-mixtures.js";
import type { AdaptiveResult } from "./textfooler-mixtures.js";

const average = <T>(rows: readonly T[], pick: (row: T) => number) => mean(rows.map(pick));

/** Describes TextFooler on single adapters: how often it succeeds, and how much of that carries over to another seed. */
export function describeTextFooler(own: readonly AttackSet[], textFooler: readonly AttackedMixture[]): string {
  const { successRate, wordsChanged, queries } = summaryOf(own);
  const seeds = new Set(own.map(({ seed }) => seed));
  const alone = textFooler.filter(({ size, seed }) => size === 1 && seeds.has(seed));
  const clean = average(alone, (row) => row.clean);
  const left = average(alone, ({ accuracy }) => accuracy);
  const self = summaryOf(own).accuracyUnderAttack;
  const lost = clean - self;
  const carried = lost > 0 ? ` ${formatPercent((clean - left) / lost)} of what the attack on itself costs.` : "";
  return (
    `TextFooler turns ${formatPercent(successRate)} of the right answers of the adapter that it attacks, with ` +
    `${formatFixed(queries, 0)} queries and ${formatPercent(wordsChanged)} of the words changed on average. Accuracy falls from ` +
    `${formatPercent(clean)} to ${formatPercent(self)}. The same texts made for an adapter of another seed leave ${formatPercent(left)}:` +
    `${carried || " the attack costs nothing there."}`
  );
}

/** Describes accuracy by number mixed: what mixing costs on clean and on attacked text, and whether mixtures lose more. */
export function describeAttackedMixing(textFooler: readonly AttackedMixture[]): string {
  const mixed = textFooler.filter(({ size }) => size > 1);
  const attacked = meanHarm(mixed).effect;
  const clean = meanHarm(mixed.map((row) => ({ ...row, drop: 100 * (row.cleanSingle - row.clean) }))).effect;
  const fallSingle = 100 * average(mixed, (row) => row.cleanSingle - row.single);
  const fallMixture = 100 * average(mixed, (row) => row.clean - row.accuracy);
  const side = fallMixture > fallSingle ? "more" : "less";
  return (
    `Mixing lowers accuracy by ${formatPoints(clean)} on clean text and by ${formatPoints(attacked)} on attacked text. Seen the other ` +
    `way, the attack lowers that of mixtures by ${formatPoints(fallMixture)} and that of their single adapters by ` +
    `${formatPoints(fallSingle)}, so mixtures lose ${side} to it.`
  );
}

/** Describes the strength of FGSM: at which ε a single adapter and the largest mixture have lost half of their accuracy. */
export function describeEpsilon(fgsm: readonly AttackedMixture[]): string {
  const largest = Math.max(...fgsm.map(({ size }) => size));
  const half = (access: Access, size: number) => {
    const rows = fgsm.filter((row) => row.access === access && row.size === size);
    const epsilons = [...new Set(rows.map(({ epsilon }) => epsilon))].sort((a, b) => a - b);
    const at = (epsilon: number) =>
      average(
        rows.filter((row) => row.epsilon === epsilon),
        ({ accuracy }) => accuracy,
      );
    const found = epsilons.find((epsilon) => at(epsilon) < at(epsilons[0]) / 2);
    return found === undefined ? "at no strength shown" : `at ε = ${found}`;
  };
  const reading = (access: Access) =>
    `a single adapter ${half(access, 1)}, a mixture of ${largest} ${half(access, largest)}`;
  return (
    `When the gradient is the victim's own, half of the clean accuracy is gone: ${reading("whiteBox")}. With the gradient of ` +
    `an adapter of another seed: ${reading("transferred")}.`
  );
}

/** Describes attacks on the mixtures themselves against those made for another adapter. */
export function describeAdaptive(rows: readonly AdaptiveResult[]): string {
  const mixed = rows.filter(({ size }) => size > 1);
  const alone = rows.filter(({ size }) => size === 1);
  const cost = (some: readonly AdaptiveResult[], kind: "transferred" | "adaptive") =>
    100 * average(some, (row) => row.clean - row[kind]);
  const [other, own] = [cost(mixed, "transferred"), cost(mixed, "adaptive")];
  const side =
    own > other
      ? "So withstanding texts made for another adapter does not protect from an attacker who knows the mixture."
      : "Here an attacker who knows the mixture gains nothing by it.";
  return (
    `Attacked itself, a mixture loses ${formatPoints(own)}; texts made for another adapter cost it ${formatPoints(other)}. For single ` +
    `adapters of the same domains it is ${formatPoints(cost(alone, "adaptive"))} and ${formatPoints(cost(alone, "transferred"))}. ` +
    side
  );
}
