import { mean } from "simple-statistics";
import { unpackBits } from "../../results/bits.js";
import { madeFrom } from "../../results/origin.js";
import { seededError } from "../../statistics/seeded-error.js";
import type { BaselineRow } from "./baseline-unit.js";
import type { TrainRow } from "./train-unit.js";

/** One domain and method: what its adapter adds to what the domain gives without one. In points, averaged over seeds. */
export interface Gain {
  domain: string;
  method: string;
  /** Accuracy on the test examples, in percent. */
  accuracy: number;
  overConstant: number;
  overBagOfWords: number;
  overFrozenProbe: number;
  /** Standard error of `overFrozenProbe`: paired over the test examples, and over seeds where there are several. */
  error: number;
  /** Numbers of the adapter and its head. */
  parameters: number;
  /** ‖θ − θ₀‖ */
  moved: number;
}

/**
 * Single adapters against what the domains give without one, by domain and method (see `seededError` for the error).
 * @throws naming the domain and seed whose frozen probe was not measured
 */
export function gainsOf(singles: readonly TrainRow[], baselines: readonly BaselineRow[]): Gain[] {
  const keys = [...new Map(singles.map((row) => [`${row.domain}/${row.method}`, row])).values()];
  return keys.map(({ domain, method }) => {
    const rows = singles.filter((row) => row.domain === domain && row.method === method);
    const own = baselines.filter((row) => row.domain === domain);
    const accuracy = 100 * mean(rows.map((row) => row.accuracy));
    const over = (pick: (row: BaselineRow) => number) => accuracy - 100 * mean(own.map(pick));
    const gain: Gain = {
      ...{ domain, method, accuracy },
      overConstant: over(({ majority }) => majority),
      overBagOfWords: over(({ bagOfWords }) => bagOfWords),
      overFrozenProbe: over(({ frozenProbe }) => frozenProbe),
      error: 100 * gainError(rows, own),
      parameters: rows[0].adapterParameters + rows[0].headParameters,
      moved: mean(rows.map(({ moved }) => moved)),
    };
    return madeFrom(gain, rows, own);
  });
}

function gainError(rows: readonly TrainRow[], baselines: readonly BaselineRow[]): number {
  const bySeed = rows.map((row) => {
    const probe = baselines.find(({ seed }) => seed === row.seed) ?? baselines[0];
    if (!probe) throw new Error(`The frozen probe of ${row.domain}, seed ${row.seed}, was not measured.`);
    const probeRight = unpackBits(probe.probeCorrect, row.testRows);
    return unpackBits(row.correct, row.testRows).map((is, i) => Number(is) - Number(probeRight[i]));
  });
  return seededError(bySeed);
}
