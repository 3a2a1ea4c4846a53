import { mean } from "simple-statistics";
import { formatFixed, formatPoints } from "../../display/number-format.js";
import { methodName } from "../../figures/method-name.js";
import type { BaselineRow } from "./baseline-unit.js";
import type { Gain } from "./gains.js";
import type { TrainRow } from "./train-unit.js";

/** Describes single adapters: how many add something to the same head without them. */
export function describeSingles(singles: readonly TrainRow[], baselines: readonly BaselineRow[]): string {
  const gains = singles.map((row) => {
    const baseline = baselines.find(({ domain, seed }) => domain === row.domain && seed === row.seed);
    return { domain: row.domain, gain: 100 * (row.accuracy - (baseline?.frozenProbe ?? 0)) };
  });
  const sorted = [...gains].sort((a, b) => b.gain - a.gain);
  const helped = gains.filter(({ gain }) => gain > 0).length;
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const average = mean(gains.map(({ gain }) => gain));
  return (
    `The adapter beats the same head without it on ${helped} of ${gains.length} domains; on average over all of them it is ` +
    `${formatPoints(Math.abs(average))} ${average < 0 ? "worse" : "better"}. Its gain is greatest on ${first.domain} (${formatPoints(first.gain)}) and least on ${last.domain} (${formatPoints(last.gain)}).`
  );
}

/** Describes the gains of adapters: by method, on how many domains the gain is two standard errors or more. */
export function describeGains(gains: readonly Gain[]): string {
  const methods = [...new Set(gains.map(({ method }) => method))];
  const parts = methods.map((method) => {
    const own = gains.filter((gain) => gain.method === method);
    const sure = own.filter(({ overFrozenProbe, error }) => overFrozenProbe > 2 * error).length;
    const average = mean(own.map(({ overFrozenProbe }) => overFrozenProbe));
    return `${methodName(method)} on ${sure} of ${own.length} domains (mean gain ${formatPoints(average)})`;
  });
  return `Adapters beat the same head on the frozen encoder by two standard errors: ${parts.join("; ")}.`;
}

/** Describes learning curves: how far the training loss fell. */
export function describeLosses(singles: readonly TrainRow[]): string {
  const falls = singles.map(({ domain, method, losses }) => {
    const fall = 100 * (1 - losses[losses.length - 1] / losses[0]);
    return { name: `${domain} (${methodName(method)})`, fall };
  });
  const sorted = [...falls].sort((a, b) => b.fall - a.fall);
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  return (
    `Training loss fell by ${formatFixed(mean(falls.map(({ fall }) => fall)), 0)}% on average, most on ${first.name} with ` +
    `${formatFixed(first.fall, 0)}% and least on ${last.name} with ${formatFixed(last.fall, 0)}%.`
  );
}
