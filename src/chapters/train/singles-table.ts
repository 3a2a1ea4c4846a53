import { mean } from "simple-statistics";
import { unpackBits } from "../../results/bits.js";
import { seededError } from "../../statistics/seeded-error.js";
import type { BaselineRow } from "./baseline-unit.js";
import type { TrainRow } from "./train-unit.js";

/** A row of the table of single adapters; accuracies and gains in points, averaged over seeds. */
export interface SinglesTableRow {
  domain: string;
  method: string;
  "accuracy (%)": number;
  "over best constant": number;
  "over bag of words": number;
  "over frozen probe": number;
  /** Paired over the test examples, and over seeds where there are several. */
  "± standard error": number;
  "parameters trained": number;
  /** ‖θ − θ₀‖ */
  "distance moved": number;
}

/**
 * Single adapters against what the domains give without one, by domain and method.
 * The standard error is that of the gain over the frozen probe: paired over the test examples, and, with several seeds, over
 * seeds too (see `seededError`).
 */
export function singlesTable(singles: readonly TrainRow[], baselines: readonly BaselineRow[]): SinglesTableRow[] {
  const keys = [...new Map(singles.map((row) => [`${row.domain}/${row.method}`, row])).values()];
  return keys.map(({ domain, method }) => {
    const rows = singles.filter((row) => row.domain === domain && row.method === method);
    const own = baselines.filter((row) => row.domain === domain);
    const accuracy = 100 * mean(rows.map((row) => row.accuracy));
    const over = (pick: (row: BaselineRow) => number) => accuracy - 100 * mean(own.map(pick));
    return {
      domain,
      method,
      "accuracy (%)": accuracy,
      "over best constant": over((row) => row.majority),
      "over bag of words": over((row) => row.bagOfWords),
      "over frozen probe": over((row) => row.frozenProbe),
      "± standard error": 100 * gainError(rows, own),
      "parameters trained": rows[0].adapterParameters + rows[0].headParameters,
      "distance moved": mean(rows.map(({ moved }) => moved)),
    };
  });
}

function gainError(rows: readonly TrainRow[], baselines: readonly BaselineRow[]): number {
  const bySeed = rows.map((row) => {
    const probe = baselines.find(({ seed }) => seed === row.seed) ?? baselines[0];
    const probeRight = unpackBits(probe.probeCorrect, row.testRows);
    return unpackBits(row.correct, row.testRows).map((is, i) => Number(is) - Number(probeRight[i]));
  });
  return seededError(bySeed);
}
