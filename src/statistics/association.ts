import {
  correlation,
  partialRankCorrelation,
  partialRankCorrelationWithin,
  rankCorrelation,
  rankCorrelationWithin,
  ranksWithin,
} from "./correlation.js";
import { type Crossing, crossedCorrelation } from "./crossed-effects.js";
import type { Effect } from "./effect.js";
import { permuteDomains } from "./permutation.js";

/** The outcome of one mixture on one of its domains. Domains are indices from 0. */
export interface MixtureOutcome {
  target: number;
  /** The domains mixed, the target among them. */
  members: readonly number[];
  /** Accuracy of the mixture minus that of the target's own adapter, in points; negative where mixing harms. */
  accuracyChange: number;
  /** A method or seed whose mixtures must not be compared with those of another. */
  group?: string;
  /** Something else that might explain the change, such as the distance that the other adapters moved. */
  covariate?: number;
}

/** FSD of a set of adapters as seen from one of them; must depend on `members` as a set. */
export type SetFsd = (members: readonly number[], target: number, group?: string) => number;

/** How FSD goes with harm, and how sure that is. */
export interface Association {
  rows: number;
  /** Rank correlation of FSD and accuracy change within (group, target, size), with its interval over domains. */
  within: Effect;
  /** Share of relabellings of the domains whose correlation is at least as far from 0. */
  p: number;
  /** Pooled over everything: sees size and domain as well. */
  pooled: number;
  /** Pooled, given the size of the mixture. */
  partialOnSize: number;
  /** Within, given the covariate; NaN where there is none. */
  givenCovariate: number;
}

/**
 * The association of FSD and accuracy change over mixtures of two and more (design §3). The p-value permutes the domain
 * labels of the FSD matrix, because all mixtures share the same few pairs; the interval is under crossed effects of target
 * and partners.
 */
export function associate(
  outcomes: readonly MixtureOutcome[],
  setFsd: SetFsd,
  options: { domains: number; permutations?: number; seed?: string | number },
): Association {
  const rows = outcomes.filter((row) => row.members.length > 1);
  const change = rows.map((row) => row.accuracyChange);
  const strata = rows.map((row) => `${row.group ?? ""}/${row.target}/${row.members.length}`);
  const sizes = rows.map((row) => row.members.length);
  const fsd = rows.map((row) => setFsd(row.members, row.target, row.group));

  const crossing = rows.map(({ members, target }) => ({ target, partners: members.filter((d) => d !== target) }));
  const within = intervalWithin(fsd, change, strata, crossing);

  const changeRanks = ranksWithin(change, strata);
  const { p } = permuteDomains(
    options.domains,
    (label) => {
      const permuted = rows.map((row) =>
        setFsd(
          row.members.map((d) => label[d]),
          label[row.target],
          row.group,
        ),
      );
      return orZero(correlation(ranksWithin(permuted, strata), changeRanks));
    },
    { permutations: options.permutations, seed: options.seed ?? "association" },
  );
  const covariate = rows.map((row) => row.covariate ?? Number.NaN);
  const covered = covariate.every(Number.isFinite);
  return {
    rows: rows.length,
    within,
    p,
    pooled: rankCorrelation(fsd, change),
    partialOnSize: partialRankCorrelation(fsd, change, sizes),
    givenCovariate: covered ? partialRankCorrelationWithin(fsd, change, covariate, strata) : Number.NaN,
  };
}

/** A stratum in which nothing varies shows no association. */
function orZero(correlation: number): number {
  return Number.isNaN(correlation) ? 0 : correlation;
}

/** Where nothing varies, or fewer than three targets were tested, nothing is excluded. */
function intervalWithin(x: number[], y: number[], strata: string[], crossing: Crossing[]): Effect {
  const found = rankCorrelationWithin(x, y, strata);
  const decided = !Number.isNaN(found) && new Set(crossing.map(({ target }) => target)).size > 2;
  if (!decided) return { effect: orZero(found), low: -1, high: 1 };
  const { effect, low, high } = crossedCorrelation(x, y, strata, crossing);
  return { effect, low, high };
}
