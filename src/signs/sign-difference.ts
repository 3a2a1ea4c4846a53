import { type Adapter, requireAdapter } from "../adapters/adapter.js";
import { placeOf } from "../adapters/place.js";
import { checkOptions, type OptionNames } from "../files/options.js";
import { type SignScope, signMapOf } from "./adapter-signs.js";
import { assertComparable, type ComparableOptions } from "./comparable.js";
import { assertSameTensors, popcount, type SignMap } from "./sign-map.js";

/**
 * What a zero does. `never` (default): it conflicts with nothing. `ownSign`: it is a third sign, in conflict with + and −.
 * `bothNonZero`: as `never`, divided by the positions where both are non-zero rather than by all.
 */
export type ZeroRule = "never" | "ownSign" | "bothNonZero";

/** How signs are compared. */
export interface SignDifferenceOptions extends SignScope, Pick<ComparableOptions, "anyEncoder"> {
  zeros?: ZeroRule;
}

/** Positions of a pair of sign maps, counted. */
export interface SignCounts {
  positions: number;
  /** Where the signs are opposite: a·b < 0. */
  opposite: number;
  /** Where neither is zero. */
  bothNonZero: number;
  /** Where exactly one is zero. */
  oneZero: number;
}

/** A sign difference with its parts. A fraction of no positions at all is 0. */
export interface SignDifference {
  overall: number;
  byTensor: Record<string, number>;
  byLayer: Record<string, number>;
  /** By what the adapter sits on: `attention`, `feedForward`, or LoRA's matrix (`query`, …). */
  byModule: Record<string, number>;
  /** By part of the adapter: `down.weight`, `up.weight`, …; LoRA's `A` and `B`, or `BA` in the product space. */
  byPart: Record<string, number>;
  /** What signs drawn by fair coins at the same non-zero positions would give; 0.5 without zeros. */
  chance: number;
  counts: SignCounts;
  /** Weights of a and of b that are not zero but within 1e-8 of it: their sign is little more than rounding. */
  nearZero: [number, number];
}

export const signDifferenceOptionNames: OptionNames<SignDifferenceOptions> = {
  ...({ weights: true, space: true, parameters: true, threshold: true } as const),
  ...({ anyEncoder: true, zeros: true } as const),
};

/**
 * Fraction of sign difference of two adapters: FSD(a, b) = (1/N) Σ 1[aᵢ·bᵢ < 0] over the weights in scope.
 * Counts are exact and pooled over tensors (`overall` is not the mean of `byTensor`).
 *
 * By hand, 2×3: a = [1 −2 0; 3 −4 5], b = [1 2 −1; −3 −4 0]. Two positions are opposite (−2 against 2, 3 against −3),
 * two hold one zero. `never` 2/6; `ownSign` (2+2)/6; `bothNonZero` 2/4.
 *
 * Adapters trained from different seeds read about 0.5, as their signs differed by chance before training.
 * Throws, naming the difference, where the two cannot be compared.
 * Nguyen & Le (2024), arXiv 2402.10639.
 */
export function fractionOfSignDifference(a: Adapter, b: Adapter, options: SignDifferenceOptions = {}): SignDifference {
  for (const one of [a, b]) requireAdapter(one, "fractionOfSignDifference");
  checkOptions(options, signDifferenceOptionNames, "fractionOfSignDifference");
  assertComparable([a, b], { anyEncoder: options.anyEncoder, anyRank: options.space === "product" });
  return compareSigns(signMapOf(a, options), signMapOf(b, options), options.zeros);
}

/** FSD of two packed sign maps of the same tensors. */
export function compareSigns(a: SignMap, b: SignMap, zeros: ZeroRule = "never"): SignDifference {
  assertSameTensors([a, b]);
  const perTensor = a.tensors.map(({ name, size, word }) => {
    const counts = countSigns(a, b, word, word + Math.ceil(size / 32));
    return { name, counts: { ...counts, positions: size } };
  });
  const counts = sumCounts(perTensor.map((tensor) => tensor.counts));
  return {
    overall: fractionOf(counts, zeros),
    ...groupFractions(perTensor, (group) => fractionOf(sumCounts(group), zeros)),
    chance: fractionOf({ ...counts, opposite: counts.bothNonZero / 2 }, zeros),
    counts,
    nearZero: [a.nearZero, b.nearZero],
  };
}

/** Counts over the words from `start` to `end`; `positions` counts the bits there, padding too. */
export function countSigns(a: SignMap, b: SignMap, start = 0, end = a.nonZero.length): SignCounts {
  let opposite = 0;
  let bothNonZero = 0;
  let oneZero = 0;
  for (let w = start; w < end; w++) {
    const both = a.nonZero[w] & b.nonZero[w];
    opposite += popcount((a.negative[w] ^ b.negative[w]) & both);
    bothNonZero += popcount(both);
    oneZero += popcount(a.nonZero[w] ^ b.nonZero[w]);
  }
  return { positions: 32 * (end - start), opposite, bothNonZero, oneZero };
}

/** The fraction that `zeros` makes of counts. */
export function fractionOf(counts: SignCounts, zeros: ZeroRule): number {
  const conflicts = zeros === "ownSign" ? counts.opposite + counts.oneZero : counts.opposite;
  const positions = zeros === "bothNonZero" ? counts.bothNonZero : counts.positions;
  return positions === 0 ? 0 : conflicts / positions;
}

function sumCounts(parts: readonly SignCounts[]): SignCounts {
  const sum = { positions: 0, opposite: 0, bothNonZero: 0, oneZero: 0 };
  for (const part of parts) {
    sum.positions += part.positions;
    sum.opposite += part.opposite;
    sum.bothNonZero += part.bothNonZero;
    sum.oneZero += part.oneZero;
  }
  return sum;
}

/** Pools what was counted per tensor: by tensor, layer, module and part. */
export function groupFractions<Counts>(
  perTensor: readonly { name: string; counts: Counts }[],
  fraction: (group: Counts[]) => number,
): Pick<SignDifference, "byTensor" | "byLayer" | "byModule" | "byPart"> {
  const group = (key: (name: string) => string) => {
    const groups = new Map<string, Counts[]>();
    for (const { name, counts } of perTensor) {
      groups.set(key(name), [...(groups.get(key(name)) ?? []), counts]);
    }
    return Object.fromEntries(Array.from(groups, ([name, counts]) => [name, fraction(counts)]));
  };
  return {
    byTensor: group((name) => name),
    byLayer: group((name) => String(placeOf(name).layer)),
    byModule: group((name) => placeOf(name).module),
    byPart: group((name) => placeOf(name).part),
  };
}
