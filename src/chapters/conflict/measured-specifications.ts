import type { AdapterMethod } from "../../adapters/methods.js";
import { madeFrom } from "../../results/origin.js";
import { claimCorrelation } from "../../study/claim-effects.js";
import { inRegime } from "../../study/in-regime.js";
import type { Regime } from "../../study/regime.js";
import type { RunOptions } from "../../study/run.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import type { Study } from "../../study/study.js";
import { type MixtureResult, sampleMixtures, sweep } from "../mix/mixtures.js";
import { groupSingles, type SinglesGroup } from "../train/groups.js";
import { trainSingles } from "../train/singles.js";
import { startsOf } from "../train/starts.js";
import { allPairs, type FlipRow, measureFlips } from "./pairs.js";
import { anchoredFsd, pairwiseFsd } from "./pairwise.js";
import { type ConflictMeasure, type Specification, specifications, whyUndefined } from "./specification.js";

/** A specification that was run: its correlation with an interval, or why it has none. */
export interface MeasuredSpecification extends Specification {
  found: ClaimEffect;
}

type Measured = MixtureResult & Record<ConflictMeasure, number>;

/** The sets that are mixed for a specification curve: two adapters in every pair, more as in the sweep. */
export function specificationSets(study: Study): number[][] {
  return [...allPairs(study), ...sampleMixtures(study).filter(({ length }) => length > 2)];
}

/**
 * The S1 correlation of every combination of the given regimes, the pool's methods, the sizes of the study's sweep and all
 * measures. Two adapters are mixed in every pair, more as in the sweep.
 */
export async function measureSpecifications(
  study: Study,
  regimes: readonly Regime[],
  targets: readonly string[] = study.settings.domains,
  options: RunOptions = {},
): Promise<MeasuredSpecification[]> {
  const { domains, mixtureSizes, poolMethods: methods } = study.settings;
  const sizes = [...new Set([2, ...mixtureSizes])].sort((a, b) => a - b);
  const subsets = specificationSets(study);
  const found: MeasuredSpecification[] = [];
  for (const regime of regimes) {
    const own = inRegime(study, regime);
    const singles = await trainSingles(own, { methods }, options);
    const results = await sweep(own, singles, subsets, options);
    const measured: Measured[] = [];
    const flips = await measureFlips(own, singles, subsets, options);
    for (const group of groupSingles(singles)) measured.push(...(await measuresOf(own, group, results, flips)));
    const { start, schedule } = regime;
    for (const specification of specifications({ starts: [start], schedules: [schedule], methods, sizes })) {
      const rows = measured.filter(
        ({ method, size }) => method === specification.method && size === specification.size,
      );
      found.push(madeFrom({ ...specification, found: correlationOf(specification, rows, targets, domains) }, rows));
    }
  }
  return found;
}

function correlationOf(
  specification: Specification,
  rows: readonly Measured[],
  targets: readonly string[],
  domains: readonly string[],
): ClaimEffect {
  const why = whyUndefined(specification, domains.length);
  if (why) return { undecided: why };
  return claimCorrelation(
    rows,
    (row) => row[specification.measure],
    ({ drop }) => -drop,
    targets,
  );
}

/** All measures of the mixtures of one method and seed. */
async function measuresOf(
  study: Study,
  { method, seed, rows }: SinglesGroup,
  results: readonly MixtureResult[],
  flips: readonly FlipRow[],
): Promise<Measured[]> {
  const [raw, change] = (["raw", "change"] as const).map((weights) => pairwiseFsd(study, rows, { weights }));
  const starts = await startsOf(study, rows);
  const nameOf = ({ target, members }: Pick<FlipRow, "target" | "members">) => `${target}: ${members.join()}`;
  const own = flips.filter((row) => row.method === method && row.seed === seed);
  const flipShares = new Map(own.map((row) => [nameOf(row), row.flipShare]));
  return results
    .filter((row) => row.method === (method as AdapterMethod) && row.seed === seed)
    .map((row) => {
      const members = row.members.map((name) => rows.findIndex(({ domain }) => domain === name));
      const target = rows.findIndex(({ domain }) => domain === row.target);
      const partners = members.filter((member) => member !== target);
      const over = (value: (partner: number) => number) =>
        partners.reduce((sum, partner) => sum + value(partner), 0) / partners.length;
      const measures = {
        fsd: anchoredFsd(raw, members, target),
        fsdOfChange: anchoredFsd(change, members, target),
        flipShare: flipShares.get(nameOf(row)) ?? Number.NaN,
        distance: over((partner) => rows[partner].moved),
        sameStart: over((partner) => Number(starts[partner] === starts[target])),
      };
      return madeFrom({ ...row, ...measures }, row);
    });
}
