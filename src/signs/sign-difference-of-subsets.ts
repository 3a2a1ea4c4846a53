import { type Adapter, requireAdapters } from "../adapters/adapter.js";
import { requireOptions } from "../files/options.js";
import { signMapOf } from "./adapter-signs.js";
import { assertComparable } from "./comparable.js";
import { countSigns, fractionOf, type SignDifferenceOptions, type ZeroRule } from "./sign-difference.js";
import { assertSameTensors, type SignMap } from "./sign-map.js";

/**
 * FSD of every subset of n adapters, in every form. A subset is a number whose bit i says that adapter i is in it; sets
 * of fewer than two adapters read NaN.
 */
export interface SubsetDifferences {
  n: number;
  /** FSD(i, j) at [i * n + j]; 0 on the diagonal. */
  pairwise: Float64Array;
  /** Mean over the pairs in S, at [S]. Chance level ½. */
  meanPairwise: Float64Array;
  /** Mean over j ∈ S∖t of FSD(t, j), at [t * 2ⁿ + S]; NaN where t is not in S. Chance level ½. */
  anchored: Float64Array;
  /** Share of positions with a positive and a negative weight in S, at [S]. Chance level 1 − 2^(1−k). */
  anyConflict: Float64Array;
}

/** 2²⁰ subsets fill about 190 MB; one adapter more doubles it. */
const MOST_ADAPTERS = 20;

/**
 * FSD of all subsets of up to 20 adapters, exactly and at once: 8,191 subsets of 13 adapters of BERT size take less than
 * a second. Zeros and scope as for `fractionOfSignDifference`.
 * Throws, naming the difference, where the adapters cannot be compared.
 */
export function signDifferenceOfSubsets(
  adapters: readonly Adapter[],
  options: SignDifferenceOptions = {},
): SubsetDifferences {
  requireAdapters(adapters, "signDifferenceOfSubsets");
  requireOptions(options, "signDifferenceOfSubsets", "zeros");
  assertComparable(adapters, { anyEncoder: options.anyEncoder, anyRank: options.space === "product" });
  return compareSubsetSigns(
    adapters.map((adapter) => signMapOf(adapter, options)),
    options.zeros,
  );
}

/** FSD of all subsets of packed sign maps of the same tensors. */
export function compareSubsetSigns(maps: readonly SignMap[], zeros: ZeroRule = "never"): SubsetDifferences {
  const n = maps.length;
  if (n < 2 || n > MOST_ADAPTERS) {
    throw new Error(`All subsets are compared for 2 to ${MOST_ADAPTERS} adapters, not ${n}; sample subsets instead.`);
  }
  assertSameTensors(maps);
  const { values, unit } = pairMatrix(maps, zeros);
  return {
    n,
    pairwise: values.map((value) => value / unit),
    ...meansOverPairs(values, unit, n),
    anyConflict: anyConflictOfSubsets(maps, zeros),
  };
}

/** Values whose quotient by `unit` is the FSD of a pair: whole counts, so that sums are exact, where the divisor is N. */
function pairMatrix(maps: readonly SignMap[], zeros: ZeroRule): { values: Float64Array; unit: number } {
  const n = maps.length;
  const positions = maps[0].size;
  const values = new Float64Array(n * n);
  const unit = zeros === "bothNonZero" ? 1 : positions;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const counts = { ...countSigns(maps[i], maps[j]), positions };
      const conflicts = zeros === "ownSign" ? counts.opposite + counts.oneZero : counts.opposite;
      values[i * n + j] = values[j * n + i] = zeros === "bothNonZero" ? fractionOf(counts, zeros) : conflicts;
    }
  }
  return { values, unit };
}

/**
 * Sums over subsets, each from a smaller one. With l the lowest member of S,
 * row(t, S) = row(t, S∖l) + FSD(t, l) and pairs(S) = pairs(S∖l) + row(l, S∖l).
 */
function meansOverPairs(
  values: Float64Array,
  unit: number,
  n: number,
): Pick<SubsetDifferences, "meanPairwise" | "anchored"> {
  const subsets = 2 ** n;
  const rows = new Float64Array(n * subsets);
  const pairs = new Float64Array(subsets);
  for (let S = 1; S < subsets; S++) {
    const lowest = 31 - Math.clz32(S & -S);
    const rest = S & (S - 1);
    for (let t = 0; t < n; t++) rows[t * subsets + S] = rows[t * subsets + rest] + values[t * n + lowest];
    pairs[S] = pairs[rest] + rows[lowest * subsets + rest];
  }
  for (let S = 0; S < subsets; S++) {
    const k = bitCount(S);
    pairs[S] = k < 2 ? Number.NaN : pairs[S] / (unit * ((k * (k - 1)) / 2));
    for (let t = 0; t < n; t++) {
      const inSet = (S >> t) & 1;
      rows[t * subsets + S] = inSet && k >= 2 ? rows[t * subsets + S] / (unit * (k - 1)) : Number.NaN;
    }
  }
  return { meanPairwise: pairs, anchored: rows };
}

/**
 * At each position let P and Q be the sets of adapters whose weight is positive and negative there. S has no conflict
 * where it misses P or misses Q, so
 *   conflicts(S) = N − #(S∩P = ∅) − #(S∩Q = ∅) + #(S∩P = S∩Q = ∅).
 * The three numbers for all S at once are subset sums of the histograms of P, of Q and of P∪Q (Yates's algorithm),
 * read at the complement of S. With `ownSign` the signs are all equal where S ⊆ P, S ⊆ Q, or S misses both.
 */
function anyConflictOfSubsets(maps: readonly SignMap[], zeros: ZeroRule): Float64Array {
  const n = maps.length;
  const N = maps[0].size;
  const all = 2 ** n - 1;
  const [positive, negative, nonZero] = patternHistograms(maps);
  const missesBoth = sumOverSubsets(nonZero, n);
  const result = new Float64Array(all + 1);
  if (zeros === "ownSign") {
    const insidePositive = sumOverSupersets(positive, n);
    const insideNegative = sumOverSupersets(negative, n);
    for (let S = 1; S <= all; S++) result[S] = (N - insidePositive[S] - insideNegative[S] - missesBoth[all ^ S]) / N;
  } else {
    const missesPositive = sumOverSubsets(positive, n);
    const missesNegative = sumOverSubsets(negative, n);
    for (let S = 1; S <= all; S++) {
      const outside = all ^ S;
      const conflicts = N - missesPositive[outside] - missesNegative[outside] + missesBoth[outside];
      const positions = zeros === "never" ? N : N - missesBoth[outside] - onlyOne(missesBoth, S, all);
      result[S] = positions === 0 ? 0 : conflicts / positions;
    }
  }
  for (let S = 0; S <= all; S++) if (bitCount(S) < 2) result[S] = Number.NaN;
  return result;
}

/** Positions where exactly one of S is non-zero: Σ over i in S of #(S∖i all zero) − #(S all zero). */
function onlyOne(missesBoth: Int32Array, S: number, all: number): number {
  let positions = 0;
  for (let rest = S; rest !== 0; rest &= rest - 1) {
    const i = rest & -rest;
    positions += missesBoth[all ^ (S ^ i)] - missesBoth[all ^ S];
  }
  return positions;
}

/** How often each set of adapters is the positive one, the negative one, and the non-zero one at a position. */
function patternHistograms(maps: readonly SignMap[]): [Int32Array, Int32Array, Int32Array] {
  const n = maps.length;
  const histograms: [Int32Array, Int32Array, Int32Array] = [
    new Int32Array(2 ** n),
    new Int32Array(2 ** n),
    new Int32Array(2 ** n),
  ];
  const [positive, negative, nonZero] = histograms;
  const below = new Int32Array(n);
  const filled = new Int32Array(n);
  for (const { size, word } of maps[0].tensors) {
    for (let start = 0; start < size; start += 32) {
      const w = word + (start >>> 5);
      for (let i = 0; i < n; i++) {
        below[i] = maps[i].negative[w];
        filled[i] = maps[i].nonZero[w];
      }
      const bits = Math.min(32, size - start);
      for (let bit = 0; bit < bits; bit++) {
        let Q = 0;
        let either = 0;
        for (let i = 0; i < n; i++) {
          Q |= ((below[i] >>> bit) & 1) << i;
          either |= ((filled[i] >>> bit) & 1) << i;
        }
        positive[either ^ Q]++;
        negative[Q]++;
        nonZero[either]++;
      }
    }
  }
  return histograms;
}

/** At each set, the sum of `values` over its subsets. */
function sumOverSubsets(values: Int32Array, n: number): Int32Array {
  const sums = values.slice();
  for (let bit = 1; bit < 2 ** n; bit *= 2) {
    for (let S = 0; S < sums.length; S++) if (S & bit) sums[S] += sums[S ^ bit];
  }
  return sums;
}

/** At each set, the sum of `values` over the sets that contain it. */
function sumOverSupersets(values: Int32Array, n: number): Int32Array {
  const sums = values.slice();
  for (let bit = 1; bit < 2 ** n; bit *= 2) {
    for (let S = 0; S < sums.length; S++) if (!(S & bit)) sums[S] += sums[S | bit];
  }
  return sums;
}

function bitCount(S: number): number {
  let count = 0;
  for (let rest = S; rest !== 0; rest &= rest - 1) count++;
  return count;
}
