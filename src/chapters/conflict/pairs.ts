import { mean } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import { enumerateMixtures } from "../../mixing/subsets.js";
import { madeFrom } from "../../results/origin.js";
import { spreadsOf } from "../../signs/by-distance.js";
import { correlationCeiling, reliability } from "../../statistics/reliability.js";
import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { type MixtureResult, sweep } from "../mix/mixtures.js";
import { groupSingles } from "../train/groups.js";
import { startsOf } from "../train/starts.js";
import type { TrainRow } from "../train/train-unit.js";
import { countFlips, flipsUnit } from "./flips-unit.js";
import { pairSigns } from "./pair-signs.js";

/** A target mixed with one partner: what mixing changed, and how their signs differ. Shares are of all parameters. */
export interface PairRow {
  target: string;
  partner: string;
  /** The two of them, as they are mixed. */
  members: string[];
  method: string;
  seed: number;
  /** Accuracy of the mixture on the target's test examples, as a share. */
  accuracy: number;
  /** Accuracy of the mixture minus that of the target's own adapter, in points. */
  change: number;
  /** Share of the parameters at which the two adapters differ in sign. */
  fsd: number;
  /** FSD that their starts and distances moved give by arithmetic, were their changes independent. */
  expectedFsd: number;
  /** Share of the target's parameters whose sign flips in the mixture. */
  flipShare: number;
  sameStart: boolean;
  /** Distance that the partner moved. */
  partnerMoved: number;
}

/** Positions of every two of a study's domains. */
export function allPairs({ settings: { domains } }: Study): number[][] {
  return enumerateMixtures(domains.length, { sizes: [2] });
}

/** Sets drawn of each size above two, for flip shares, which cost no test. */
const FLIP_SETS = 26;

/** All pairs, and of every larger size as many sets as there are, 26 at most; every domain appears equally often. */
export function flipSets(study: Study): number[][] {
  const { length } = study.settings.domains;
  const sizes = Array.from({ length: Math.max(0, length - 2) }, (_, i) => i + 3);
  const larger = sizes.length > 0 ? enumerateMixtures(length, { sizes, perSize: FLIP_SETS, seed: "flips" }) : [];
  return [...allPairs(study), ...larger];
}

/** The row of a target and its partner. @throws naming the two, if they were not measured */
export function pairOf(rows: readonly PairRow[], { target, partner }: Pick<PairRow, "target" | "partner">): PairRow {
  const found = rows.find((row) => row.target === target && row.partner === partner);
  if (!found) throw new Error(`The pair ${target} and ${partner} was not measured.`);
  return found;
}

/** Every pair of adapters of one method and seed, mixed and tested on both domains: two rows a pair. */
export async function measurePairs(
  study: Study,
  singles: readonly TrainRow[],
  options: RunOptions = {},
): Promise<PairRow[]> {
  const domains = new Set(singles.map(({ domain }) => domain));
  const pairs = enumerateMixtures(domains.size, { sizes: [2] });
  const results = await sweep(study, singles, pairs, options);
  const rows: PairRow[] = [];
  for (const { method, seed, rows: own } of groupSingles(singles)) {
    const starts = await startsOf(study, own);
    const at = (name: string) => own.findIndex(({ domain }) => domain === name);
    const mixed = results.filter((row) => row.method === method && row.seed === seed);
    const places = mixed.map((result) => [at(result.target), at(partnerOf(result))]);
    const signs = await pairSigns(
      study,
      places.map(([target, partner]) => [own[target], own[partner]] as const),
      options,
    );
    mixed.forEach((result, i) => {
      const [target, partner] = places[i];
      const row = {
        ...{ target: result.target, partner: own[partner].domain, members: result.members, method, seed },
        ...{ accuracy: result.accuracy, change: -result.drop, ...signs[i] },
        ...{ sameStart: starts[target] === starts[partner], partnerMoved: own[partner].moved },
      };
      rows.push(madeFrom(row, result, signs[i]));
    });
  }
  return rows;
}

function partnerOf({ target, members }: MixtureResult): string {
  return members.find((member) => member !== target) ?? target;
}

/** Pairs averaged over their seeds and methods, one row for each target and partner. */
export function meanPairs(rows: readonly PairRow[]): PairRow[] {
  const keys = [...new Set(rows.map(({ target, partner }) => `${target}/${partner}`))];
  return keys.map((key) => {
    const own = rows.filter(({ target, partner }) => `${target}/${partner}` === key);
    const average = (value: (row: PairRow) => number) => mean(own.map(value));
    const means = {
      accuracy: average(({ accuracy }) => accuracy),
      change: average(({ change }) => change),
      fsd: average(({ fsd }) => fsd),
      expectedFsd: average(({ expectedFsd }) => expectedFsd),
      flipShare: average(({ flipShare }) => flipShare),
      partnerMoved: average(({ partnerMoved }) => partnerMoved),
    };
    return madeFrom({ ...own[0], ...means }, own);
  });
}

/** How far FSD and accuracy change of pairs repeat from seed to seed, and the correlation that this allows. */
export function describeReliability(rows: readonly PairRow[]): string {
  const seeds = [...new Set(rows.map(({ seed }) => seed))];
  if (seeds.length < 2) return "With one seed it is not known how far another would give the same order of pairs.";
  const pairs = meanPairs(rows);
  const bySeed = (value: (row: PairRow) => number) =>
    seeds.map((seed) => {
      const own = new Map(rows.filter((row) => row.seed === seed).map((row) => [`${row.target}/${row.partner}`, row]));
      return pairs.map(({ target, partner }) => {
        const row = own.get(`${target}/${partner}`);
        return row ? value(row) : Number.NaN;
      });
    });
  const targets = pairs.map(({ target }) => target);
  const fsd = reliability(
    bySeed((row) => row.fsd),
    targets,
  );
  const change = reliability(
    bySeed((row) => row.change),
    targets,
  );
  const ceiling = correlationCeiling(fsd.meanOfSeeds, change.meanOfSeeds);
  return (
    `Reliability of the mean over ${seeds.length} seeds, within targets: FSD ${formatFixed(fsd.meanOfSeeds, 2)}, accuracy change ` +
    `${formatFixed(change.meanOfSeeds, 2)}. No correlation beyond ±${formatFixed(ceiling, 2)} can be expected of them.`
  );
}

/** A mixture of any size with the flip share of its target. */
export interface FlipRow {
  target: string;
  members: string[];
  size: number;
  method: string;
  seed: number;
  /** Share of the target's parameters whose sign flips in the mixture. */
  flipShare: number;
  /** What starts and distances give by arithmetic, were the changes independent. */
  byArithmetic: number;
}

/**
 * Flip share of every member of mixtures of two and more, beside what starts and distances alone give; nothing is tested. A
 * mixture that is listed twice counts once. Where the profile stores what is counted on signs, so are these.
 *
 * @param subsets lists of positions of domains, such as `sampleMixtures` gives
 */
export async function measureFlips(
  study: Study,
  singles: readonly TrainRow[],
  subsets: readonly (readonly number[])[],
  options: RunOptions = {},
): Promise<FlipRow[]> {
  const groups = groupSingles(singles);
  const once = new Map(subsets.filter(({ length }) => length > 1).map((subset) => [subset.join(), subset]));
  const sets = [...once.values()];
  const inputs = groups.map(({ rows }) => ({ of: rows.map(({ adapter }) => adapter), sets }));
  const stored = study.settings.storeSigns ? await flipsUnit.rows(study, inputs, options) : [];
  return groups.flatMap(({ method, seed, rows }, g) => {
    const counts =
      stored[g] ??
      countFlips(
        rows.map(({ adapter }) => spreadsOf(trainedAdapter(study, adapter).adapter)),
        sets,
      );
    return sets.flatMap((subset, s) => {
      const names = subset.map((i) => rows[i].domain);
      return subset.map((i, at) => {
        const row = {
          ...{ target: rows[i].domain, members: names, size: subset.length, method, seed },
          ...{ flipShare: counts.flips[s][at], byArithmetic: counts.expected[s][at] },
        };
        return madeFrom(row, stored[g] ?? subset.map((j) => rows[j]));
      });
    });
  });
}
