import { mean } from "simple-statistics";
import { formatInterval, formatPoints } from "../../display/number-format.js";
import { methodName } from "../../figures/method-name.js";
import { summariseBySize } from "./by-size.js";
import { meanHarm, methodDifference } from "./claims.js";
import type { MixtureResult } from "./mixtures.js";

/** Describes accuracy against size: what mixing costs at the largest size, and how much of it is dilution where that can be told. */
export function describeMixing(results: readonly MixtureResult[]): string {
  const bySize = summariseBySize(results.filter(({ size }) => size > 1));
  const last = bySize[bySize.length - 1];
  const change = (value: number) => `${value < 0 ? "gains" : "costs"} ${formatPoints(Math.abs(value))}`;
  const cost = `Mixing ${last.size} adapters ${change(last.drop)} of in-domain accuracy on average`;
  if (Number.isNaN(last.dilution)) {
    return `${cost}. They do not share a start, so it cannot be split into dilution and interference.`;
  }
  const larger = Math.abs(last.dilution) > Math.abs(last.interference) ? "dilution" : "interference";
  return (
    `${cost}: dilution by 1/k alone ${change(last.dilution)}, ` +
    `and interference of the others ${change(last.interference)}; ${larger} has the larger part.`
  );
}

/** Describes which domains lose most and least by being mixed. */
export function describeDomains(results: readonly MixtureResult[]): string {
  const mixed = results.filter(({ size }) => size > 1);
  const drops = [...new Set(mixed.map(({ target }) => target))]
    .map((target) => ({ target, drop: mean(mixed.filter((row) => row.target === target).map(({ drop }) => drop)) }))
    .sort((a, b) => b.drop - a.drop);
  const [first, last] = [drops[0], drops[drops.length - 1]];
  const better = mixed.filter(({ drop }) => drop < 0).length;
  return (
    `Averaged over methods and sizes, ${first.target} ` +
    `${first.drop < 0 ? `gains least (${formatPoints(-first.drop)})` : `loses most (${formatPoints(first.drop)})`} and ${last.target} ` +
    `${last.drop < 0 ? `${first.drop < 0 ? "most" : "even gains"} (${formatPoints(-last.drop)})` : `least (${formatPoints(last.drop)})`}. ` +
    `${better} of ${mixed.length} tests come out better than the single adapter.`
  );
}

/** Describes the methods' mean drops against each other. */
export function describeMethods(results: readonly MixtureResult[]): string {
  const methods = [...new Set(results.map(({ method }) => method))];
  if (methods.length < 2) return "There is one method only, so there is nothing to compare.";
  const drops = methods
    .map((method) => ({ method, drop: meanHarm(results.filter((row) => row.method === method)).effect }))
    .sort((a, b) => b.drop - a.drop);
  const difference = methodDifference(results);
  const [first, last] = [drops[0], drops[drops.length - 1]];
  return (
    `The mean drop is largest with ${methodName(first.method)} (${formatPoints(first.drop)}) and least with ` +
    `${methodName(last.method)} (${formatPoints(last.drop)}); the difference is ` +
    `${formatPoints(difference.effect)}, 95% interval over domains ${formatInterval(difference)}.`
  );
}
