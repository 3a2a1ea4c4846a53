import { mean } from "simple-statistics";
import { type GreedyStep, greedyPath } from "../../mixing/greedy.js";

/** Mean FSD of the pairs of a set, by an FSD matrix [adapters, adapters]. */
export function meanOfPairs(matrix: readonly (readonly number[])[], members: readonly number[]): number {
  return mean(members.flatMap((i, at) => members.slice(at + 1).map((j) => matrix[i][j])));
}

/** The path of `greedyMix` by an FSD matrix [adapters, adapters], for adapters that need not be at hand. */
export function grownPath(matrix: readonly (readonly number[])[], target?: number): GreedyStep[] {
  return greedyPath(matrix.length, (members) => meanOfPairs(matrix, members), { target });
}
