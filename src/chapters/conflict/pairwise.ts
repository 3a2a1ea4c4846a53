import { signMapOf } from "../../signs/adapter-signs.js";
import { compareSigns, type SignDifference, type SignDifferenceOptions } from "../../signs/sign-difference.js";
import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { Study } from "../../study/study.js";
import type { TrainRow } from "../train/train-unit.js";
import { type SignsRow, signsUnit } from "./signs-unit.js";

/**
 * FSD of every pair of trained adapters of one group, in their order; zero on the diagonal. Where the profile stores what is
 * counted on signs, stored counts are read, and adapters need not be at hand.
 */
export function pairwiseFsd(
  study: Study,
  singles: readonly TrainRow[],
  options: SignDifferenceOptions = {},
): number[][] {
  const { length } = singles;
  const matrix = Array.from({ length }, () => new Array<number>(length).fill(0));
  const { weights = "raw", ...others } = options;
  const stored =
    study.settings.storeSigns && Object.keys(others).length === 0 ? storedSigns(study, singles) : undefined;
  if (stored) {
    for (const { first, second, row } of stored) {
      matrix[first][second] = weights === "raw" ? row.fsd : row.fsdOfChange;
      matrix[second][first] = matrix[first][second];
    }
    return matrix;
  }
  for (const { first, second, difference } of pairwiseSigns(study, singles, options)) {
    matrix[first][second] = difference.overall;
    matrix[second][first] = difference.overall;
  }
  return matrix;
}

/** What is stored of every pair of a group, or undefined where something is not. */
function storedSigns(
  study: Study,
  singles: readonly TrainRow[],
): { first: number; second: number; row: SignsRow }[] | undefined {
  const found: { first: number; second: number; row: SignsRow }[] = [];
  for (const [first, { adapter: a }] of singles.entries()) {
    for (let second = first + 1; second < singles.length; second++) {
      const { adapter: b } = singles[second];
      const row = signsUnit.stored(study, [a, b]) ?? signsUnit.stored(study, [b, a]);
      if (!row) return undefined;
      found.push({ first, second, row });
    }
  }
  return found;
}

/** The sign difference of every pair of trained adapters of one group, with its parts by layer and module. */
export function pairwiseSigns(
  study: Study,
  singles: readonly TrainRow[],
  options: SignDifferenceOptions = {},
): { first: number; second: number; difference: SignDifference }[] {
  const maps = singles.map((row) => signMapOf(trainedAdapter(study, row.adapter).adapter, options));
  return maps.flatMap((a, first) =>
    maps.slice(first + 1).map((b, i) => {
      const second = first + 1 + i;
      return { first, second, difference: compareSigns(a, b, options.zeros) };
    }),
  );
}

/** Anchored FSD of a set: the mean over its other members of their FSD with the target. */
export function anchoredFsd(
  matrix: readonly (readonly number[])[],
  members: readonly number[],
  target: number,
): number {
  const others = members.filter((member) => member !== target);
  if (others.length === 0) throw new Error("Anchored FSD needs another adapter beside the target's.");
  return others.reduce((sum, member) => sum + matrix[target][member], 0) / others.length;
}
