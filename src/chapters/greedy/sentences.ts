import { mean } from "simple-statistics";
import { formatFixed, formatInterval, formatPercent, formatPoints } from "../../display/number-format.js";
import { scaleEffect, sideOf } from "../../statistics/effect.js";
import { type ChoiceOutcome, meanOfChoices, shareCaptured, withChoice } from "./choices.js";
import { type LuckRow, luckBySize } from "./luck.js";
import { pickerName, pickersIn } from "./pickers.js";
import { meanRegret, type PoolSpread, type RegretRow, regretBesideRandom } from "./regret.js";

/** Describes the greedy choice: how far from the best, how far from a random choice, and which picker does best. */
export function describeRegret(rows: readonly RegretRow[]): string {
  const greedy = meanRegret(rows, "fsd");
  const beside = regretBesideRandom(rows, "fsd");
  const ranked = pickersIn(rows)
    .filter((picker) => picker !== "random")
    .map((picker) => ({ picker, regret: meanRegret(rows, picker).effect }))
    .sort((a, b) => a.regret - b.regret);
  const place = ranked.findIndex(({ picker }) => picker === "fsd") + 1;
  const against = {
    below: "surely less regret than a random choice",
    above: "surely more regret than a random choice",
    open: "and whether it beats a random choice cannot be told",
  }[sideOf(beside)];
  const position = greedy.effect < 0 ? "above" : "below";
  return (
    `Greedy mixing by least FSD ends ${formatPoints(Math.abs(greedy.effect))} ${position} the cross-fitted best (regret ` +
    `${formatFixed(greedy.effect)} ${formatInterval(greedy)}), ${against} ` +
    `(difference ${formatFixed(beside.effect)} ${formatInterval(beside)}). Of the ${ranked.length} pickers it comes ` +
    `${ordinal(place)}; the one with least regret is ` +
    `"${pickerName(ranked[0].picker)}" (${formatPoints(ranked[0].regret)}).`
  );
}

/** Describes the luck table: what the best on the test examples gains, and how much of that would come by chance. */
export function describeLuck(spread: readonly PoolSpread[]): string {
  const rows = luckBySize(spread);
  const average = (value: (row: LuckRow) => number) => 100 * mean(rows.map(value));
  const gain = average((row) => row.testChosen - row.mean);
  const luck = average((row) => row.luck);
  const honest = average((row) => row.crossFitted - row.mean);
  return (
    `The mixture that does best on the test examples lies ${formatPoints(gain)} above the mean, but ${formatPoints(luck)} of that would ` +
    `come by luck if all mixtures were equally good. Chosen without looking, the best is worth ${formatPoints(honest)} more than the mean.`
  );
}

/** Describes the least-FSD choice: what it captures of what the best gains over a random choice. */
export function describeFsdChoices(rows: readonly ChoiceOutcome[]): string {
  if (withChoice(rows).length === 0) return "Two adapters leave nothing to choose: a mixture of them holds both.";
  const gain = meanOfChoices(rows, (row) => row.best - row.mean);
  const captured = shareCaptured(rows, ({ leastFsd }) => leastFsd);
  const share = Number.isFinite(captured.effect + captured.low)
    ? `Of that the least-FSD choice captures ${formatPercent(captured.effect)} ${formatInterval(scaleEffect(captured, 100), 0)}.`
    : "That is too little to say what share of it the least-FSD choice captures.";
  const side = gain.effect < 0 ? "worse" : "better";
  return (
    `Chosen without looking, the best mixture does ${formatPoints(Math.abs(gain.effect))} ${side} than a random one ` +
    `(${formatFixed(gain.effect)} ${formatInterval(gain)}). ${share}`
  );
}

function ordinal(place: number): string {
  return ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"][place - 1] ?? `number ${place}`;
}
