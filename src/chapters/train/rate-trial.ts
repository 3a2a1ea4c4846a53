import { mean } from "simple-statistics";
import { madeFrom } from "../../results/origin.js";
import { inRegime } from "../../study/in-regime.js";
import type { RunOptions } from "../../study/run.js";
import { openStudy, type Study } from "../../study/study.js";
import { trainSingles } from "./singles.js";
import type { TrainRow } from "./train-unit.js";

/** What a learning rate gives on one domain. */
export interface RateRow {
  rate: number;
  domain: string;
  /** Accuracy on the dev examples, which choose. */
  dev: number;
  devRows: number;
  /** Distance moved from the start. */
  moved: number;
}

/**
 * Trains single adapters at the rates of the profile's `rateTrial`, from the shared start, of the first seed and the first of
 * the pool's methods. Only the dev examples say which rate is best; nothing is mixed.
 *
 * @throws where the profile has no such trial
 */
export async function measureRates(study: Study, options: RunOptions = {}): Promise<RateRow[]> {
  const { rateTrial, poolMethods, seeds } = study.settings;
  if (!rateTrial) throw new Error(`The profile "${study.profile.name}" has no rateTrial: its learning rate is given.`);
  const { rates, domains, steps, devRows } = rateTrial;
  const opened = await openStudy({ ...study.options, quiet: true, set: { ...study.options.set, devRows } });
  const regime = inRegime({ ...study, domain: opened.domain, options: opened.options }, "controlled");
  const rows: RateRow[] = [];
  for (const domain of domains) {
    for (const learningRate of rates) {
      const own: Study = { ...regime, settings: { ...regime.settings, learningRate, steps } };
      const selection = { domains: [domain], methods: poolMethods.slice(0, 1), seeds: seeds.slice(0, 1) };
      const [row] = await trainSingles(own, selection, options);
      rows.push(rateRow(learningRate, row));
    }
  }
  return rows;
}

function rateRow(rate: number, row: TrainRow): RateRow {
  const { domain, devAccuracy: dev, devRows, moved } = row;
  return madeFrom({ rate, domain, dev, devRows, moved }, row);
}

/** Mean dev accuracy of a rate over the domains of a trial. */
export interface RateScore {
  rate: number;
  dev: number;
  moved: number;
}

/** The rates of a trial, the best first: by mean dev accuracy, every domain counting the same; of equals the lower. */
export function rankRates(rows: readonly RateRow[]): RateScore[] {
  const rates = [...new Set(rows.map(({ rate }) => rate))].sort((a, b) => a - b);
  const scores = rates.map((rate) => {
    const own = rows.filter((row) => row.rate === rate);
    return madeFrom({ rate, dev: mean(own.map(({ dev }) => dev)), moved: mean(own.map(({ moved }) => moved)) }, own);
  });
  return scores.sort((a, b) => b.dev - a.dev);
}
