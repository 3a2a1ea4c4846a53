import { formatInterval, formatPercent, formatPoints } from "../../display/number-format.js";
import { methodName } from "../../figures/method-name.js";
import type { BaselineRow } from "../train/baseline-unit.js";
import { gainKept, meanLoss, type PruneResult } from "./pruning-curves.js";

/** Describes the curves: what pruning costs at a sparsity, by method, and what is kept of the gain. */
export function describePruning(
  results: readonly PruneResult[],
  baselines: readonly BaselineRow[],
  sparsity: number,
): string {
  const methods = [...new Set(results.map(({ method }) => method))];
  const parts = methods.map((method) => {
    const own = results.filter((row) => row.method === method);
    const loss = meanLoss(own, sparsity);
    return `${methodName(method)} ${formatPoints(loss.effect)} ${formatInterval(loss)}`;
  });
  const kept = gainKept(results, baselines, sparsity);
  // an interval wider than the gain itself says nothing
  const told = kept.high - kept.low < 1;
  const gain = told
    ? `Of what the adapters had gained over the same head without them, ${formatPercent(kept.effect)} [${formatPercent(kept.low)}, ${formatPercent(kept.high)}] is kept.`
    : "The adapters had gained too little over the same head without them, or too unevenly, to say what share of it is kept.";
  return `Pruning ${formatPercent(sparsity)} of the weights costs ${parts.join(", ")}. ${gain} An adapter that gained nothing has nothing to lose.`;
}
