import { createRandom } from "../engine/random.js";

/** How one of several candidates, such as mixtures, did on the examples of one domain. */
export interface Score {
  /** Share of the dev examples. */
  dev: number;
  /** Share of the test examples. */
  test: number;
  /** Which test examples were right. */
  correct: boolean[];
}

/** What the best of several mixtures is worth, and what choosing it on the test examples would have claimed. */
export interface BestOf {
  /**
   * Accuracy of the cross-fitted best: chosen on dev and half of the test examples, scored on the other half, both
   * ways. No example scores a choice that it took part in.
   */
  crossFitted: number;
  /** What each half chose. */
  chosen: [number, number];
  /** Accuracy of the mixture that does best on the test examples, which flatters it. */
  testChosen: number;
}

/** What the worst of several mixtures is, and what choosing it on the test examples would have claimed. */
export interface WorstOf {
  /** Accuracy of the cross-fitted worst: chosen on dev and half of the test examples, scored on the other half, both ways. */
  crossFitted: number;
  /** Accuracy of the mixture that does worst on the test examples, which does it an injustice. */
  testChosen: number;
}

/** Shuffles from which luck is estimated. */
const SHUFFLES = 100;

/**
 * The best of some mixtures on one domain. Test examples at even places are one half, at odd places the other. Of equal
 * scores the mixture listed first is chosen.
 *
 * @throws if there is no mixture
 */
export function bestOf(scores: readonly Score[], devRows: number): BestOf {
  return { ...crossFit(scores, devRows, 1), testChosen: Math.max(...scores.map(({ test }) => test)) };
}

/**
 * The worst of some mixtures on one domain, as {@link bestOf} finds the best.
 * @throws if there is no mixture
 */
export function worstOf(scores: readonly Score[], devRows: number): WorstOf {
  const { crossFitted } = crossFit(scores, devRows, -1);
  return { crossFitted, testChosen: Math.min(...scores.map(({ test }) => test)) };
}

/** Chooses the highest number of right answers times `sign` on dev and each half of test. */
function crossFit(scores: readonly Score[], devRows: number, sign: 1 | -1): Pick<BestOf, "crossFitted" | "chosen"> {
  if (scores.length === 0) throw new Error("The best and the worst of no mixture do not exist.");
  const rows = scores[0].correct.length;
  const right = scores.map(({ correct }) => [0, 1].map((half) => countRight(correct, half)));
  const choose = (half: number) => argmax(scores.map(({ dev }, i) => sign * (dev * devRows + right[i][half])));
  const chosen: [number, number] = [choose(0), choose(1)];
  // what one half chose is scored on the other
  return { crossFitted: (right[chosen[0]][1] + right[chosen[1]][0]) / rows, chosen };
}

function countRight(correct: readonly boolean[], half: number): number {
  let count = 0;
  for (let i = half; i < correct.length; i += 2) if (correct[i]) count++;
  return count;
}

function argmax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
}

/**
 * What choosing the best of n mixtures on the test examples would gain over their mean if all n were equally good: the
 * mean, over shuffles of each example's answers among the n, of the best minus the mean. A share of the examples.
 */
export function luckOfBest(scores: readonly Score[], seed: string | number = 0): number {
  const n = scores.length;
  const rows = scores[0].correct.length;
  if (n === 1 || rows === 0) return 0;
  const random = createRandom(seed).fork("luck");
  const rightOf = Array.from({ length: rows }, (_, i) => scores.filter(({ correct }) => correct[i]).length);
  const mean = rightOf.reduce((sum, right) => sum + right, 0) / n / rows;
  let total = 0;
  for (let shuffle = 0; shuffle < SHUFFLES; shuffle++) {
    const counts = new Array<number>(n).fill(0);
    for (const right of rightOf) {
      if (right === n) for (let i = 0; i < n; i++) counts[i]++;
      else if (right > 0) for (const i of sampleOf(n, right, random)) counts[i]++;
    }
    total += Math.max(...counts) / rows - mean;
  }
  return total / SHUFFLES;
}

/** So many different numbers below n. */
function sampleOf(n: number, count: number, random: { integer(below: number): number }): number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(n - i);
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all.slice(0, count);
}
