import { createRandom, type Random } from "../engine/random.js";
import { type Crossing, crossedCorrelation, crossedMean, type VarianceParts } from "./crossed-effects.js";
import type { Effect } from "./effect.js";
import { type Verdict, type VerdictRule, verdictOf } from "./verdict.js";

/** Shares of simulated studies with each verdict. */
export type Power = Record<Verdict, number>;

/** How power is simulated. */
export interface PowerOptions {
  /** Default 13. */
  domains?: number;
  /** Simulated studies; default 200. */
  simulations?: number;
  seed?: string | number;
}

/** All ordered pairs of so many domains. */
export function orderedPairs(domains: number): Crossing[] {
  const all = Array.from({ length: domains }, (_, d) => d);
  return all.flatMap((target) =>
    all.filter((partner) => partner !== target).map((partner) => ({ target, partners: [partner] })),
  );
}

/** Values of ordered pairs with a planted mean and crossed normal effects. */
export function simulateMeans(
  random: Random,
  crossing: readonly Crossing[],
  mean: number,
  variance: VarianceParts,
): number[] {
  const [ofTarget, ofPartner] = [effects(random, variance.target), effects(random, variance.partner)];
  return crossing.map(({ target, partners }) => {
    const partner = partners.reduce<number>((sum, key) => sum + ofPartner(key), 0) / Math.max(1, partners.length);
    return mean + ofTarget(target) + partner + Math.sqrt(variance.rest) * random.normal();
  });
}

/**
 * x and y of ordered pairs whose correlation within targets is ρ on average: x is by equal parts the partner's and the
 * pair's, y = ρx + √(1 − ρ²)·z with z in the share `byPartner` the partner's, the rest the pair's.
 */
export function simulateCorrelated(
  random: Random,
  crossing: readonly Crossing[],
  rho: number,
  byPartner: number,
): { x: number[]; y: number[] } {
  const [ofX, ofY] = [effects(random, 0.5), effects(random, byPartner)];
  const x = crossing.map(({ partners: [partner] }) => ofX(partner) + Math.sqrt(0.5) * random.normal());
  const y = crossing.map(
    ({ partners: [partner] }, i) =>
      rho * x[i] + Math.sqrt(1 - rho ** 2) * (ofY(partner) + Math.sqrt(1 - byPartner) * random.normal()),
  );
  return { x, y };
}

function effects(random: Random, variance: number): (key: string | number) => number {
  const drawn = new Map<string | number, number>();
  return (key) => {
    if (!drawn.has(key)) drawn.set(key, Math.sqrt(variance) * random.normal());
    return drawn.get(key) as number;
  };
}

/**
 * How often a rule on a mean over ordered pairs would decide, and how, if the truth were `mean` and the effects of
 * target, partner and pair as given.
 */
export function powerOfMean(
  rule: VerdictRule,
  truth: { mean: number; variance: VarianceParts },
  options: PowerOptions = {},
): Power {
  const crossing = orderedPairs(options.domains ?? 13);
  return shares(rule, options, (random) =>
    crossedMean(simulateMeans(random, crossing, truth.mean, truth.variance), crossing),
  );
}

/** The same of a rule on a rank correlation within targets, if the correlation were `rho`; see `simulateCorrelated`. */
export function powerOfCorrelation(
  rule: VerdictRule,
  truth: { rho: number; byPartner: number },
  options: PowerOptions = {},
): Power {
  const crossing = orderedPairs(options.domains ?? 13);
  const targets = crossing.map(({ target }) => target);
  return shares(rule, options, (random) => {
    const { x, y } = simulateCorrelated(random, crossing, truth.rho, truth.byPartner);
    return crossedCorrelation(x, y, targets, crossing);
  });
}

function shares(rule: VerdictRule, options: PowerOptions, study: (random: Random) => Effect): Power {
  const { simulations = 200, seed = "power" } = options;
  const power: Power = { holds: 0, fails: 0, unclear: 0 };
  for (let i = 0; i < simulations; i++) power[verdictOf(rule, study(createRandom(seed).fork(i)))] += 1 / simulations;
  return power;
}
