import { formatFixed, formatInterval, formatPercent, formatPoints } from "../../display/number-format.js";
import { sideOf } from "../../statistics/effect.js";
import { sparseNames } from "./names.js";
import type { PrunedSigns } from "./pruned-signs.js";
import {
  type BestSparse,
  besideBestControl,
  besideControl,
  besideDense,
  controls,
  type SparseResult,
  sparseBesideBestDense,
} from "./sparse-mixtures.js";

/** Describes FSD after pruning: what the usual convention shows, and what is left where both weights are there. */
export function describePrunedSigns(rows: readonly PrunedSigns[]): string {
  const most = Math.max(...rows.map(({ sparsity }) => sparsity));
  const average = (sparsity: number, criterion: string, rule: keyof PrunedSigns["fsd"]) => {
    const own = rows.filter((row) => row.sparsity === sparsity && row.criterion === criterion);
    return own.reduce((sum, { fsd }) => sum + 100 * fsd[rule], 0) / own.length;
  };
  const change = (rule: keyof PrunedSigns["fsd"]) => {
    const [before, after] = [average(0, "magnitude", rule), average(most, "magnitude", rule)];
    return `${after < before ? "falls" : "rises"} from ${formatFixed(before, 1)}% to ${formatFixed(after, 1)}%`;
  };
  return (
    `At ${formatPercent(most)} sparsity FSD ${change("never")} where zeros never conflict; random masks bring it to ` +
    `${formatFixed(average(most, "random", "never"))}%, without any regard to signs. Where both weights are left it ${change("bothNonZero")}, ` +
    `and with zero as a third sign it ${change("ownSign")}.`
  );
}

/** Describes sparse against dense, best against best and like against like. */
export function describeSparse(rows: readonly BestSparse[], results: readonly SparseResult[]): string {
  const best = sparseBesideBestDense(rows);
  const same = besideDense(results, "sparse");
  const verdict = { above: "beats", below: "falls short of", open: "cannot be told from" }[sideOf(best)];
  return (
    `The best sparse mixture ${verdict} the best dense one of equal size: ${formatFixed(best.effect)} points ${formatInterval(best)}. ` +
    `Against the dense average of the same adapters, pruning changes accuracy by ${formatFixed(same.effect)} points ${formatInterval(same)}.`
  );
}

/** Describes the controls: whether the signs can be the reason for what pruning does to mixtures. */
export function describeControls(results: readonly SparseResult[]): string {
  const gain = besideDense(results, "sparse");
  const ranked = controls
    .map((control) => ({ control, effect: besideControl(results, control) }))
    .sort((a, b) => a.effect.effect - b.effect.effect);
  const best = besideBestControl(results);
  const ties = besideControl(results, "ties");
  const helps = { above: "helps", below: "harms", open: "neither surely helps nor surely harms" }[sideOf(gain)];
  const reason = {
    above: "Signs may be the reason: pruning by magnitude beats every control that is blind to them.",
    below: "Signs are not the reason: a control that is blind to them does better.",
    open: "Nothing speaks for signs: a control that is blind to them does as well, as far as can be told.",
  }[sideOf(best)];
  const elected = {
    above: "takes accuracy away",
    below: "adds accuracy",
    open: "makes no difference that can be told",
  }[sideOf(ties)];
  return (
    `Pruning before mixing ${helps} (${formatFixed(gain.effect)} points ${formatInterval(gain)} beside the same adapters, dense). ` +
    `The best control is "${sparseNames[ranked[0].control]}"; pruning by magnitude lies ${formatPoints(Math.abs(best.effect))} ` +
    `${best.effect < 0 ? "below" : "above"} it (${formatFixed(best.effect)} ${formatInterval(best)}). ${reason} Settling the conflicts that are left by electing signs ${elected} ` +
    `(${formatPoints(0 - ties.effect)}).`
  );
}
