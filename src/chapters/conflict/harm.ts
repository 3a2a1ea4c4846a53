import { madeFrom } from "../../results/origin.js";
import type { SignDifferenceOptions } from "../../signs/sign-difference.js";
import type { Study } from "../../study/study.js";
import type { MixtureResult } from "../mix/mixtures.js";
import { groupSingles } from "../train/groups.js";
import type { TrainRow } from "../train/train-unit.js";
import { anchoredFsd, pairwiseFsd } from "./pairwise.js";

/** A mixture result with the sign difference of its members as seen from the target. */
export interface HarmRow extends MixtureResult {
  fsd: number;
}

/**
 * Joins mixtures of two and more with their anchored FSD.
 *
 * @param singles the adapters that were mixed
 */
export function withFsd(
  study: Study,
  singles: readonly TrainRow[],
  results: readonly MixtureResult[],
  options: SignDifferenceOptions = {},
): HarmRow[] {
  return groupSingles(singles).flatMap(({ method, seed, rows }) => {
    const names = rows.map(({ domain }) => domain);
    const matrix = pairwiseFsd(study, rows, options);
    return results
      .filter((row) => row.size > 1 && row.method === method && row.seed === seed)
      .map((row) => {
        const members = row.members.map((name) => names.indexOf(name));
        const fsd = anchoredFsd(matrix, members, names.indexOf(row.target));
        return madeFrom({ ...row, fsd }, row, rows);
      });
  });
}
