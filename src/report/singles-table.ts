import { mean } from "simple-statistics";
import type { BaselineRow } from "../experiments/baseline-unit.js";
import { unpackBits } from "../experiments/bits.js";
import type { TrainRow } from "../experiments/train-unit.js";

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
 * The standard error is that of the gain over the frozen probe: paired over the test examples of a seed, and, with several
 * seeds, √(that²/seeds + variance between seeds/seeds).
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
  const perSeed = rows.map((row) => {
    const probe = baselines.find(({ seed }) => seed === row.seed) ?? baselines[0];
    const right = unpackBits(row.correct, row.testRows);
    const probeRight = unpackBits(probe.probeCorrect, row.testRows);
    const gains = right.map((is, i) => Number(is) - Number(probeRight[i]));
    return { gain: mean(gains), variance: varianceOfMean(gains) };
  });
  const between = perSeed.length > 1 ? varianceOfMean(perSeed.map(({ gain }) => gain)) : 0;
  return Math.sqrt(mean(perSeed.map(({ variance }) => variance)) / perSeed.length + between);
}

/** s²/n */
function varianceOfMean(values: readonly number[]): number {
  const centre = mean([...values]);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1) / values.length;
}
