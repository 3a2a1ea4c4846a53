import { mean } from "simple-statistics";
import type { AdapterMethod } from "../../adapters/methods.js";
import { unpackBits } from "../../results/bits.js";
import { madeFrom } from "../../results/origin.js";
import { seededError } from "../../statistics/seeded-error.js";
import { designSeeds } from "../../study/design-seeds.js";
import { inRegime } from "../../study/in-regime.js";
import type { Settings } from "../../study/profile.js";
import { type Start, starts } from "../../study/regime.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import type { BaselineRow } from "./baseline-unit.js";
import { trainSingles } from "./singles.js";
import type { TrainRow } from "./train-unit.js";

/** One way to train a domain's adapter. */
export interface GridCell {
  start: Start;
  steps: number;
}

/** A trained adapter with its place in the grid. */
export type GridRow = TrainRow & GridCell;

/**
 * The cells of a domain in the grid of starts and lengths, of which every regime is a selection: the shared start and one of
 * its own, each for every length; and the start of its number of labels, where that is not the shared one, for the lengths
 * that a schedule takes.
 */
export function gridCells(
  settings: Pick<Settings, "partnerSteps" | "steps" | "epochSteps" | "sharedClasses">,
  { name, classes }: { name: string; classes: number },
): GridCell[] {
  const { partnerSteps, steps, epochSteps, sharedClasses } = settings;
  const scheduled = [steps, epochSteps[name] ?? steps];
  const rising = (lengths: readonly number[]) => [...new Set(lengths)].sort((a, b) => a - b);
  const lengths: Record<Start, number[]> = {
    shared: rising([...partnerSteps, ...scheduled]),
    separate: rising([...partnerSteps, ...scheduled]),
    byClasses: classes === sharedClasses ? [] : rising(scheduled),
  };
  return (Object.keys(lengths) as Start[]).flatMap((start) =>
    lengths[start].map((length) => ({ start, steps: length })),
  );
}

/**
 * Trains every cell of the grid, of the pool's methods and of `designSeeds`. Of each seed the study's own length comes first,
 * every domain from every start, so that a grid that is stopped early has whole regimes.
 */
export async function trainGrid(study: Study, options: RunOptions = {}): Promise<GridRow[]> {
  const { poolMethods: methods, domains, steps } = study.settings;
  const cells: (GridCell & { domain: string })[] = [];
  for (const domain of domains) {
    const { labels } = await study.domain(domain);
    const own = gridCells(study.settings, { name: domain, classes: labels.length });
    cells.push(...own.map((cell) => ({ ...cell, domain })));
  }
  const isOther = (cell: GridCell) => Number(cell.steps !== steps);
  cells.sort(
    (a, b) => isOther(a) - isOther(b) || starts.indexOf(a.start) - starts.indexOf(b.start) || a.steps - b.steps,
  );
  const rows: GridRow[] = [];
  for (const seed of designSeeds(study.settings)) {
    for (const { domain, ...cell } of cells) {
      const trained = await trainSingles(atCell(study, cell), { domains: [domain], methods, seeds: [seed] }, options);
      rows.push(...trained.map((row) => madeFrom({ ...row, ...cell }, row)));
    }
  }
  return rows;
}

/** The study as one cell of the grid trains. */
export function atCell(study: Study, { start, steps }: GridCell): Study {
  const regime = inRegime(study, { start, schedule: "equal" });
  return { ...regime, settings: { ...regime.settings, steps } };
}

/** What twice as many steps gain, on one domain and from one start, in points. */
export interface LengthGain {
  domain: string;
  method: AdapterMethod | string;
  start: Start;
  /** From so many steps to twice as many. */
  from: number;
  to: number;
  gain: number;
  /** Standard error of the gain: paired over the test examples, and over seeds where there are several. */
  error: number;
  /** Whether the gain is above two standard errors. */
  surely: boolean;
  /** The longer one's accuracy minus that of the bag of words, in points. */
  overBagOfWords: number;
}

/** What doubling the steps gains on every domain, method and start of a grid, and whether that beats the bag of words. */
export function lengthGains(rows: readonly GridRow[], baselines: readonly BaselineRow[]): LengthGain[] {
  const keys = [...new Map(rows.map((row) => [`${row.domain}/${row.method}/${row.start}`, row])).values()];
  return keys.flatMap(({ domain, method, start }) => {
    const own = rows.filter((row) => row.domain === domain && row.method === method && row.start === start);
    const words = 100 * mean(baselines.filter((row) => row.domain === domain).map(({ bagOfWords }) => bagOfWords));
    const lengths = [...new Set(own.map(({ steps }) => steps))].sort((a, b) => a - b);
    return lengths.flatMap((from) => {
      const to = 2 * from;
      if (!lengths.includes(to)) return [];
      const pairs = own
        .filter(({ steps }) => steps === from)
        .flatMap((short) => {
          const long = own.find(({ steps, seed }) => steps === to && seed === short.seed);
          return long ? [[short, long]] : [];
        });
      if (pairs.length === 0) return [];
      const differences = pairs.map(([short, long]) => {
        const [before, after] = [short, long].map((row) => unpackBits(row.correct, row.testRows));
        return after.map((right, i) => Number(right) - Number(before[i]));
      });
      const gain = 100 * mean(pairs.map(([short, long]) => long.accuracy - short.accuracy));
      const error = 100 * seededError(differences);
      const overBagOfWords = 100 * mean(pairs.map(([, long]) => long.accuracy)) - words;
      const row = { domain, method, start, from, to, gain, error, surely: gain > 2 * error, overBagOfWords };
      return [madeFrom(row, pairs.flat(), baselines)];
    });
  });
}
