import { mean } from "simple-statistics";
import { methodName } from "../../figures/method-name.js";
import { rankCorrelation, rankCorrelationWithin } from "../../statistics/correlation.js";
import type { Effect } from "../../study/decision-rules.js";
import type { Study } from "../../study/study.js";
import { meanHarm, methodDifference } from "../mix/claims.js";
import { type HarmRow, summariseBySize } from "../mix/mixture-figures.js";
import { groupSingles, type MixtureResult, pairwiseFsd } from "../mix/mixtures.js";
import type { BaselineRow } from "../train/baseline-unit.js";
import type { SinglesTableRow } from "../train/singles-table.js";
import type { TrainRow } from "../train/train-unit.js";
import type { SignAssociation } from "./sign-association.js";

/** 3.14159 → "3.1 points"; exactly one is "1.0 points" too, as decimals are. */
const points = (value: number) => `${value.toFixed(1)} points`;

const interval = ({ low, high }: Effect, digits = 1) => `[${low.toFixed(digits)}, ${high.toFixed(digits)}]`;

/** Reads single adapters: how many add something to the same head without them. */
export function readSingles(singles: readonly TrainRow[], baselines: readonly BaselineRow[]): string {
  const gains = singles.map((row) => {
    const baseline = baselines.find(({ domain, seed }) => domain === row.domain && seed === row.seed);
    return { domain: row.domain, gain: 100 * (row.accuracy - (baseline?.frozenProbe ?? 0)) };
  });
  const sorted = [...gains].sort((a, b) => b.gain - a.gain);
  const helped = gains.filter(({ gain }) => gain > 0).length;
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  return (
    `The adapter beats the same head without it on ${helped} of ${gains.length} domains, by ${points(mean(gains.map(({ gain }) => gain)))} ` +
    `on average; most on ${first.domain} (${points(first.gain)}), least on ${last.domain} (${points(last.gain)}).`
  );
}

/** Reads the table of single adapters: by method, on how many domains the gain is two standard errors or more. */
export function readSinglesTable(rows: readonly SinglesTableRow[]): string {
  const methods = [...new Set(rows.map(({ method }) => method))];
  const parts = methods.map((method) => {
    const own = rows.filter((row) => row.method === method);
    const sure = own.filter((row) => row["over frozen probe"] > 2 * row["± standard error"]).length;
    const gain = mean(own.map((row) => row["over frozen probe"]));
    return `${methodName(method)} on ${sure} of ${own.length} domains (mean gain ${points(gain)})`;
  });
  return `Adapters beat the same head on the frozen encoder by two standard errors: ${parts.join("; ")}.`;
}

/** Reads learning curves: how far the training loss fell. */
export function readLosses(singles: readonly TrainRow[]): string {
  const falls = singles.map(({ domain, method, losses }) => {
    const fall = 100 * (1 - losses[losses.length - 1] / losses[0]);
    return { name: `${domain} (${methodName(method)})`, fall };
  });
  const sorted = [...falls].sort((a, b) => b.fall - a.fall);
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  return (
    `Training loss fell by ${mean(falls.map(({ fall }) => fall)).toFixed(0)}% on average, most on ${first.name} with ` +
    `${first.fall.toFixed(0)}% and least on ${last.name} with ${last.fall.toFixed(0)}%.`
  );
}

/** Reads the pairs of adapters of the first seed: by method, the pair that agrees most and the one that agrees least. */
export function readPairs(study: Study, singles: readonly TrainRow[]): string {
  const [{ seed: firstSeed }] = singles;
  const parts = groupSingles(singles.filter(({ seed }) => seed === firstSeed)).map(({ method, rows }) => {
    const matrix = pairwiseFsd(study, rows);
    const pairs = rows.flatMap((a, i) =>
      rows.slice(i + 1).map((b, j) => ({ name: `${a.domain} and ${b.domain}`, fsd: 100 * matrix[i][i + 1 + j] })),
    );
    const sorted = [...pairs].sort((a, b) => a.fsd - b.fsd);
    const [least, most] = [sorted[0], sorted[sorted.length - 1]];
    const average = mean(pairs.map(({ fsd }) => fsd));
    return (
      `${methodName(method)} ${average.toFixed(0)}% on average, from ${least.fsd.toFixed(0)}% (${least.name}) to ` +
      `${most.fsd.toFixed(0)}% (${most.name})`
    );
  });
  return `Sign difference by method: ${parts.join("; ")}.`;
}

/** Reads accuracy against size: what mixing costs at the largest size, and how much of it is dilution. */
export function readMixing(results: readonly MixtureResult[]): string {
  const bySize = summariseBySize(results.filter(({ size }) => size > 1));
  const last = bySize[bySize.length - 1];
  const change = (value: number) => `${value < 0 ? "gains" : "costs"} ${points(Math.abs(value))}`;
  const larger = Math.abs(last.dilution) > Math.abs(last.interference) ? "dilution" : "interference";
  return (
    `Mixing ${last.size} adapters ${change(last.drop)} of in-domain accuracy on average: dilution by 1/k alone ${change(last.dilution)}, ` +
    `and interference of the others ${change(last.interference)}; ${larger} has the larger part.`
  );
}

/** Reads which domains lose most and least by being mixed. */
export function readDomains(results: readonly MixtureResult[]): string {
  const mixed = results.filter(({ size }) => size > 1);
  const drops = [...new Set(mixed.map(({ target }) => target))]
    .map((target) => ({ target, drop: mean(mixed.filter((row) => row.target === target).map(({ drop }) => drop)) }))
    .sort((a, b) => b.drop - a.drop);
  const [first, last] = [drops[0], drops[drops.length - 1]];
  const better = mixed.filter(({ drop }) => drop < 0).length;
  return (
    `Averaged over methods and sizes, ${first.target} loses most (${points(first.drop)}) and ${last.target} ` +
    `${last.drop < 0 ? `even gains (${points(-last.drop)})` : `least (${points(last.drop)})`}. ` +
    `${better} of ${mixed.length} tests come out better than the single adapter.`
  );
}

/** Reads the methods' mean drops against each other. */
export function readMethods(results: readonly MixtureResult[]): string {
  const methods = [...new Set(results.map(({ method }) => method))];
  if (methods.length < 2) return "There is one method only, so there is nothing to compare.";
  const drops = methods
    .map((method) => ({ method, drop: meanHarm(results.filter((row) => row.method === method)).effect }))
    .sort((a, b) => b.drop - a.drop);
  const difference = methodDifference(results);
  const [first, last] = [drops[0], drops[drops.length - 1]];
  return (
    `${methodName(first.method)} loses most (${points(first.drop)}), ${methodName(last.method)} least (${points(last.drop)}); the difference is ` +
    `${points(difference.effect)}, 95% interval over domains ${interval(difference)}.`
  );
}

/** Reads accuracy change against FSD, pooled and within sizes. */
export function readHarm(rows: readonly HarmRow[]): string {
  const fsd = rows.map((row) => row.fsd);
  const change = rows.map(({ drop }) => -drop);
  const pooled = rankCorrelation(fsd, change);
  const within = rankCorrelationWithin(
    fsd,
    change,
    rows.map(({ method, seed, target, size }) => `${method}/${seed}/${target}/${size}`),
  );
  const direction = within < 0 ? "lose more" : within > 0 ? "lose less" : "lose as much";
  const text = Number.isNaN(within) ? "cannot be told apart" : `${direction} (rank correlation ${within.toFixed(2)})`;
  return (
    `Over all ${rows.length} tests the rank correlation of sign difference and accuracy change is ${pooled.toFixed(2)}. ` +
    `Compared only with mixtures of the same target and the same size, those with more sign conflict ${text}. ` +
    "So few domains decide nothing; notebook 03 asks the question properly."
  );
}

/** Why a small p and a wide interval may stand side by side. */
function disagreement({ within, p }: SignAssociation): string {
  if (p >= 0.05 || within.high < 0 || within.low > 0) return "";
  return (
    "The small p says that among these very domains it is no chance; the wide interval says that it hangs on a few of them, so that " +
    "other domains may show none. The interval decides. "
  );
}

/** Reads an association: does more sign conflict go with more harm, and with more than distance explains? */
export function readAssociation(drop: SignAssociation): string {
  const { within } = drop;
  const sign = within.high < 0 ? "Yes" : within.low > 0 ? "No, the other way round" : "It cannot be told";
  const given = drop.givenCovariate;
  const weaker = Math.abs(given) < Math.abs(within.effect) ? "weaker" : "no weaker";
  return (
    `Do mixtures with more sign conflict lose more, at equal method, target and size? ${sign}: the rank correlation of FSD and accuracy ` +
    `change is ${within.effect.toFixed(2)} ${interval(within, 2)} (p = ${drop.p.toPrecision(2)} by permuting domains). ` +
    disagreement(drop) +
    `Pooled over everything it is ${drop.pooled.toFixed(2)}, which mixes in the effect of k and of the domains. ` +
    `Given the distance that the other adapters moved it is ${given.toFixed(2)}, ${weaker} than without.`
  );
}
