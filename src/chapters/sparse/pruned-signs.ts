import { madeFrom } from "../../results/origin.js";
import type { WeightView } from "../../signs/initialisation.js";
import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { Study } from "../../study/study.js";
import type { SinglesGroup } from "../train/groups.js";
import { prunedSignsUnit, type SignsAfterPruning, signsAfterPruning } from "./pruned-signs-unit.js";

/** FSD of the matrices of a group's adapters after pruning, averaged over all its pairs. */
export interface PrunedSigns extends SignsAfterPruning {
  method: string;
  seed: number;
}

/**
 * FSD before and after pruning, by magnitude and at random, under the three conventions for zeros. Pruned weights are
 * zeros, so the number says as much about the convention as about the adapters: it is for the reader to see both. Where the
 * profile stores what is counted on signs, stored counts are read, and adapters need not be at hand.
 */
export function prunedSigns(
  study: Study,
  groups: readonly SinglesGroup[],
  sparsities: readonly number[] = study.settings.mixSparsities,
  weights: WeightView = "raw",
): PrunedSigns[] {
  return groups.flatMap(({ method, seed, rows }) => {
    const of = rows.map(({ adapter }) => adapter);
    const stored = study.settings.storeSigns ? prunedSignsUnit.stored(study, { of, sparsities, weights }) : undefined;
    const forms =
      stored?.forms ??
      signsAfterPruning(
        of.map((hash) => trainedAdapter(study, hash).adapter),
        sparsities,
        weights,
      );
    return madeFrom(
      forms.map((form) => ({ method, seed, ...form })),
      stored ?? rows,
    );
  });
}
