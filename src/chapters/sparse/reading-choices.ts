import { formatFixed } from "../../display/number-format.js";
import { methodName } from "../../figures/method-name.js";
import type { Effect } from "../../study/decision-rules.js";
import { luckTable } from "../greedy/greedy-tables.js";
import { pickerNames } from "../greedy/picker-names.js";
import { pickers } from "../greedy/pickers.js";
import { meanRegret, type PoolSpread, type RegretRow, regretBesideRandom } from "../greedy/regret.js";
import { gainKept, meanLoss, type PruneResult } from "../prune/pruning-curves.js";
import type { BaselineRow } from "../train/baseline-unit.js";
import type { PrunedSigns } from "./pruned-signs.js";
import { sparseNames } from "./sparse-mixture-report.js";
import {
  type BestSparse,
  besideBestControl,
  besideControl,
  besideDense,
  controls,
  type SparseResult,
  sparseBesideBestDense,
} from "./sparse-mixtures.js";

const fixed = (value: number) => formatFixed(value, 1);
const points = (value: number) => `${fixed(value)} points`;
const between = ({ low, high }: Effect) => `[${fixed(low)}, ${fixed(high)}]`;

/** `yes` where the whole interval is above 0, `no` where it is below, `open` where it holds 0. */
function side({ low, high }: Effect): "above" | "below" | "open" {
  return low > 0 ? "above" : high < 0 ? "below" : "open";
}

/** Reads the greedy choice: how far from the best, how far from a random choice, and which picker does best. */
export function readRegret(rows: readonly RegretRow[]): string {
  const greedy = meanRegret(rows, "fsd");
  const beside = regretBesideRandom(rows, "fsd");
  const ranked = pickers
    .map((picker) => ({ picker, regret: meanRegret(rows, picker).effect }))
    .sort((a, b) => a.regret - b.regret);
  const place = ranked.findIndex(({ picker }) => picker === "fsd") + 1;
  const against = {
    below: "surely less regret than a random choice",
    above: "surely more regret than a random choice",
    open: "and whether it beats a random choice cannot be told",
  }[side(beside)];
  const position = greedy.effect < 0 ? "above" : "below";
  return (
    `Greedy mixing by least FSD ends ${points(Math.abs(greedy.effect))} ${position} the cross-fitted best (regret ` +
    `${fixed(greedy.effect)} ${between(greedy)}), ${against} ` +
    `(difference ${fixed(beside.effect)} ${between(beside)}). Of the ${ranked.length} pickers it comes ` +
    `${["first", "second", "third", "fourth", "fifth"][place - 1]}; the one with least regret is ` +
    `"${pickerNames[ranked[0].picker]}" (${points(ranked[0].regret)}).`
  );
}

/** Reads the luck table: what the best on the test examples gains, and how much of that would come by chance. */
export function readLuck(spread: readonly PoolSpread[]): string {
  const rows = luckTable(spread);
  const column = (name: string) => rows.reduce((sum, row) => sum + Number(row[name]), 0) / rows.length;
  const [gain, luck] = [column("best on test over mean"), column("by luck alone")];
  const honest = column("cross-fitted best (%)") - column("mean (%)");
  return (
    `The mixture that does best on the test examples lies ${points(gain)} above the mean, but ${points(luck)} of that would ` +
    `come by luck if all mixtures were equally good. Chosen without looking, the best is worth ${points(honest)} more than the mean.`
  );
}

/** Reads the curves: what pruning costs at a sparsity, by method, and what is kept of the gain. */
export function readPruning(
  results: readonly PruneResult[],
  baselines: readonly BaselineRow[],
  sparsity: number,
): string {
  const methods = [...new Set(results.map(({ method }) => method))];
  const parts = methods.map((method) => {
    const own = results.filter((row) => row.method === method);
    const loss = meanLoss(own, sparsity);
    return `${methodName(method)} ${points(loss.effect)} ${between(loss)}`;
  });
  const kept = gainKept(results, baselines, sparsity);
  const share = (value: number) => `${(100 * value).toFixed(0)}%`;
  // an interval wider than the gain itself says nothing
  const told = kept.high - kept.low < 1;
  const gain = told
    ? `Of what the adapters had gained over the same head without them, ${share(kept.effect)} [${share(kept.low)}, ${share(kept.high)}] is kept.`
    : "The adapters had gained too little over the same head without them, or too unevenly, to say what share of it is kept.";
  return `Pruning ${share(sparsity)} of the weights costs ${parts.join(", ")}. ${gain} An adapter that gained nothing has nothing to lose.`;
}

/** Reads FSD after pruning: what the usual convention shows, and what is left where both weights are there. */
export function readPrunedSigns(rows: readonly PrunedSigns[]): string {
  const most = Math.max(...rows.map(({ sparsity }) => sparsity));
  const average = (sparsity: number, criterion: string, rule: keyof PrunedSigns["fsd"]) => {
    const own = rows.filter((row) => row.sparsity === sparsity && row.criterion === criterion);
    return own.reduce((sum, { fsd }) => sum + 100 * fsd[rule], 0) / own.length;
  };
  const change = (rule: keyof PrunedSigns["fsd"]) => {
    const [before, after] = [average(0, "magnitude", rule), average(most, "magnitude", rule)];
    return `${after < before ? "falls" : "rises"} from ${before.toFixed(1)}% to ${after.toFixed(1)}%`;
  };
  return (
    `At ${(100 * most).toFixed(0)}% sparsity FSD ${change("never")} where zeros never conflict; random masks bring it to ` +
    `${average(most, "random", "never").toFixed(1)}%, without any regard to signs. Where both weights are left it ${change("bothNonZero")}, ` +
    `and with zero as a third sign it ${change("ownSign")}.`
  );
}

/** Reads sparse against dense, best against best and like against like. */
export function readSparse(rows: readonly BestSparse[], results: readonly SparseResult[]): string {
  const best = sparseBesideBestDense(rows);
  const same = besideDense(results, "sparse");
  const verdict = { above: "beats", below: "falls short of", open: "cannot be told from" }[side(best)];
  return (
    `The best sparse mixture ${verdict} the best dense one of equal size: ${fixed(best.effect)} points ${between(best)}. ` +
    `Against the dense average of the same adapters, pruning changes accuracy by ${fixed(same.effect)} points ${between(same)}.`
  );
}

/** Reads the controls: whether the signs can be the reason for what pruning does to mixtures. */
export function readControls(results: readonly SparseResult[]): string {
  const gain = besideDense(results, "sparse");
  const ranked = controls
    .map((control) => ({ control, effect: besideControl(results, control) }))
    .sort((a, b) => a.effect.effect - b.effect.effect);
  const best = besideBestControl(results);
  const ties = besideControl(results, "ties");
  const helps = { above: "helps", below: "harms", open: "neither surely helps nor surely harms" }[side(gain)];
  const reason = {
    above: "Signs may be the reason: pruning by magnitude beats every control that is blind to them.",
    below: "Signs are not the reason: a control that is blind to them does better.",
    open: "Nothing speaks for signs: a control that is blind to them does as well, as far as can be told.",
  }[side(best)];
  const elected = {
    above: "takes accuracy away",
    below: "adds accuracy",
    open: "makes no difference that can be told",
  }[side(ties)];
  return (
    `Pruning before mixing ${helps} (${fixed(gain.effect)} points ${between(gain)} beside the same adapters, dense). ` +
    `The best control is "${sparseNames[ranked[0].control]}"; pruning by magnitude lies ${points(Math.abs(best.effect))} ` +
    `${best.effect < 0 ? "below" : "above"} it (${fixed(best.effect)} ${between(best)}). ${reason} Settling the conflicts that are left by electing signs ${elected} ` +
    `(${points(0 - ties.effect)}).`
  );
}
