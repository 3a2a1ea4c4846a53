import { type Adapter, requireAdapters } from "../adapters/adapter.js";
import { shownArgument } from "../files/arguments.js";
import { checkOptions } from "../files/options.js";
import { signMapOf } from "../signs/adapter-signs.js";
import type { SetForm } from "../signs/chance.js";
import { assertComparable } from "../signs/comparable.js";
import type { SignDifferenceOptions } from "../signs/sign-difference.js";
import { signDifferenceOptionNames } from "../signs/sign-difference.js";
import { compareSetSigns } from "../signs/sign-difference-of-set.js";

/** One step of a greedy path. */
export interface GreedyStep {
  /** Position of the adapter that was added. */
  added: number;
  /** Positions of the mixture so far, in the order added. */
  members: number[];
  /** Score of the mixture; NaN while it has one member. */
  score: number;
  /** Every candidate of the step with the score it would have given, the best first. */
  candidates: { adapter: number; score: number }[];
}

/** How greedy mixing grows its set. */
export interface GreedyOptions extends SignDifferenceOptions {
  /** Position of the adapter to start from. Without one the path starts with the pair of least FSD. */
  target?: number;
  /** How many adapters to take; all by default, so that the path shows every size. */
  size?: number;
  /** FSD of a set: `meanPairwise` (default), `anchored` at the target, or `anyConflict`. */
  form?: SetForm;
}

/** A greedy path with names for reading. */
export interface GreedyMixture {
  steps: GreedyStep[];
  /** Names in the order added. */
  order: string[];
}

/**
 * Greedy mixing: adds, one at a time, the adapter that keeps the fraction of sign difference of the grown set least.
 * Needs no data and no forward pass. Equal scores go to the adapter listed first. The mixture of size k is
 * `steps[k - 1].members`.
 * Nguyen & Le (2024); what they start from and where they stop is not known to us.
 */
export function greedyMix(adapters: readonly Adapter[], options: GreedyOptions = {}): GreedyMixture {
  requireAdapters(adapters, "greedyMix");
  checkOptions(options, { ...signDifferenceOptionNames, target: true, size: true, form: true }, "greedyMix");
  const { target, form = "meanPairwise", zeros } = options;
  if (form === "anchored" && target === undefined) throw new Error('The form "anchored" needs a target to anchor at.');
  assertComparable(adapters, { anyEncoder: options.anyEncoder, anyRank: options.space === "product" });
  const maps = adapters.map((adapter) => signMapOf(adapter, options));
  const score = (members: number[]) =>
    // the target comes first in every set of its path
    compareSetSigns(
      members.map((i) => maps[i]),
      { form, zeros, target: 0 },
    ).overall;
  const steps = greedyPath(adapters.length, score, { target, size: options.size });
  return { steps, order: steps.map(({ added }) => adapters[added].name) };
}

/**
 * A greedy path by any score of a set (lower is better), for pickers other than FSD. `score` is asked for sets of two
 * or more positions, in the order added.
 */
export function greedyPath(
  n: number,
  score: (members: number[]) => number,
  { target, size = n }: { target?: number; size?: number } = {},
): GreedyStep[] {
  if (target !== undefined && !(Number.isInteger(target) && target >= 0 && target < n)) {
    throw new Error(`There is no adapter ${shownArgument(target)} among ${n} to start from.`);
  }
  if (!(Number.isInteger(size) && size >= 1 && size <= n)) throw new Error(`Cannot choose ${size} of ${n} adapters.`);
  const steps: GreedyStep[] = [];
  const first = target ?? bestPair(n, score);
  steps.push({ added: first, members: [first], score: Number.NaN, candidates: [] });
  while (steps.length < size) {
    const { members } = steps[steps.length - 1];
    const candidates = Array.from({ length: n }, (_, i) => i)
      .filter((i) => !members.includes(i))
      .map((adapter) => ({ adapter, score: score([...members, adapter]) }))
      .sort((a, b) => a.score - b.score || a.adapter - b.adapter);
    const best = candidates[0];
    steps.push({ added: best.adapter, members: [...members, best.adapter], score: best.score, candidates });
  }
  return steps;
}

/** The first member of the pair of least score; the second is then the first step's choice. */
function bestPair(n: number, score: (members: number[]) => number): number {
  let first = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const value = score([i, j]);
      if (value < least) {
        least = value;
        first = i;
      }
    }
  }
  return first;
}
