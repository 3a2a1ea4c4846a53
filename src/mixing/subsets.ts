import { createRandom, type Random } from "../engine/random.js";
import { shownArgument } from "../files/arguments.js";
import { checkOptions } from "../files/options.js";

/** Which subsets are listed. */
export interface EnumerateOptions {
  /** Sizes of the mixtures; every size from 1 to n by default. */
  sizes?: readonly number[];
  /** At most this many mixtures of each size, a sample in which every adapter appears equally often. All by default. */
  perSize?: number;
  /** Seed of the sample; 0 by default. */
  seed?: string | number;
}

/**
 * Mixtures of n adapters as lists of rising positions, ordered by size, then by members: all of them, 2ⁿ − 1, or a seeded
 * sample stratified by size. In a sample each adapter appears equally often at each size, or once more or less where
 * `perSize · size` is no multiple of n, and no mixture appears twice.
 */
export function enumerateMixtures(n: number, options: EnumerateOptions = {}): number[][] {
  checkOptions(options, { sizes: true, perSize: true, seed: true }, "enumerateMixtures");
  if (!(Number.isInteger(n) && n >= 1)) throw new Error(`Mixtures are of 1 adapter or more, not ${shownArgument(n)}.`);
  const sizes = options.sizes ?? Array.from({ length: n }, (_, i) => i + 1);
  const { perSize = Number.POSITIVE_INFINITY, seed = 0 } = options;
  if (!(perSize >= 1)) throw new Error(`perSize is a number of 1 or more, not ${perSize}.`);
  return sizes.flatMap((size) => {
    if (!(Number.isInteger(size) && size >= 1 && size <= n))
      throw new Error(`There are no mixtures of ${size} out of ${n}.`);
    if (perSize >= binomial(n, size)) return combinations(n, size);
    return sampleOfSize(n, size, Math.floor(perSize), createRandom(seed).fork(size));
  });
}

/** Number of subsets of size k. */
export function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * (n - i + 1)) / i;
  return Math.round(result);
}

/** All subsets of size k, in lexicographic order. */
export function combinations(n: number, k: number): number[][] {
  const result: number[][] = [];
  const extend = (chosen: number[], from: number) => {
    if (chosen.length === k) result.push(chosen);
    else for (let i = from; i <= n - (k - chosen.length); i++) extend([...chosen, i], i + 1);
  };
  extend([], 0);
  return result;
}

const MOST_TRIES = 1000;

/**
 * A balanced sample of distinct subsets. All subsets together are balanced, and so are the complements of balanced ones;
 * hence at most half of all are drawn, each of at most half of the adapters, and the rest follows by complement.
 */
function sampleOfSize(n: number, size: number, count: number, random: Random): number[][] {
  const total = binomial(n, size);
  if (count > total / 2) {
    const left = new Set(sampleOfSize(n, size, total - count, random).map(String));
    return combinations(n, size).filter((subset) => !left.has(String(subset)));
  }
  if (count === 0) return [];
  if (size > n / 2) {
    const all = Array.from({ length: n }, (_, i) => i);
    const complements = sampleOfSize(n, n - size, count, random);
    return sortSubsets(complements.map((out) => all.filter((i) => !out.includes(i))));
  }
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const sample = tryBalanced(n, size, count, random);
    if (sample) return sortSubsets(sample);
  }
  throw new Error(`Found no ${count} balanced mixtures of ${size} out of ${n}; ask for fewer, or for all.`);
}

/** Each subset takes the adapters used least so far, ties by lot; undefined where it could only repeat subsets. */
function tryBalanced(n: number, size: number, count: number, random: Random): number[][] | undefined {
  const used = new Array<number>(n).fill(0);
  const seen = new Set<string>();
  const sample: number[][] = [];
  for (let misses = 0; sample.length < count; ) {
    const order = random.shuffle(used.map((_, i) => i)).sort((i, j) => used[i] - used[j]);
    const subset = order.slice(0, size).sort((i, j) => i - j);
    if (seen.has(String(subset))) {
      if (++misses > 100) return undefined;
      continue;
    }
    seen.add(String(subset));
    sample.push(subset);
    for (const i of subset) used[i]++;
  }
  return sample;
}

function sortSubsets(subsets: number[][]): number[][] {
  return subsets.sort((a, b) => {
    const at = a.findIndex((value, i) => value !== b[i]);
    return at < 0 ? 0 : a[at] - b[at];
  });
}
