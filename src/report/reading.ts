import type { BaselineRow } from "../experiments/baseline-unit.js";
import { rankCorrelation, rankCorrelationWithin } from "../experiments/correlation.js";
import type { MixtureResult } from "../experiments/mixtures.js";
import type { TrainRow } from "../experiments/train-unit.js";
import { type HarmRow, summariseBySize } from "./mixture-figures.js";

/** 3.14159 → "3.1 points"; exactly one is "1.0 points" too, as decimals are. */
const points = (value: number) => `${value.toFixed(1)} points`;

/** The arithmetic mean. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

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

/** Reads accuracy against size: what mixing costs at the largest size, and how much of it is dilution. */
export function readMixing(results: readonly MixtureResult[]): string {
  const bySize = summariseBySize(results.filter(({ size }) => size > 1));
  const last = bySize[bySize.length - 1];
  const verb = last.drop > 0 ? "costs" : "gains";
  const share =
    Math.abs(last.dilution) > Math.abs(last.interference) ? "mostly dilution by 1/k" : "mostly interference";
  return (
    `Mixing all ${last.size} adapters ${verb} ${points(Math.abs(last.drop))} of in-domain accuracy on average: ` +
    `${points(last.dilution)} by dilution alone and ${points(last.interference)} by interference, so it is ${share}.`
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
    rows.map(({ target, size }) => `${target}/${size}`),
  );
  const direction = within < 0 ? "lose more" : within > 0 ? "lose less" : "lose as much";
  const text = Number.isNaN(within) ? "cannot be told apart" : `${direction} (rank correlation ${within.toFixed(2)})`;
  return (
    `Over all ${rows.length} tests the rank correlation of sign difference and accuracy change is ${pooled.toFixed(2)}. ` +
    `Compared only with mixtures of the same target and the same size, those with more sign conflict ${text}. ` +
    "So few domains decide nothing; notebook 03 asks the question properly."
  );
}
