import { mean } from "simple-statistics";
import { pruneAdapter } from "../../pruning/prune.js";
import { madeFrom } from "../../results/origin.js";
import { signMapOf } from "../../signs/adapter-signs.js";
import type { WeightView } from "../../signs/initialisation.js";
import { compareSigns, type ZeroRule } from "../../signs/sign-difference.js";
import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { Study } from "../../study/study.js";
import type { SinglesGroup } from "../train/groups.js";

/** FSD of adapters' matrices after pruning, averaged over all pairs of a group. */
export interface PrunedSigns {
  method: string;
  seed: number;
  sparsity: number;
  criterion: "magnitude" | "random";
  /** By the convention for zeros. */
  fsd: Record<ZeroRule, number>;
  /** Share of the weights at which both of a pair are non-zero. */
  bothNonZero: number;
}

/**
 * FSD before and after pruning, by magnitude and at random, under the three conventions for zeros. Pruned weights are
 * zeros, so the number says as much about the convention as about the adapters: it is for the reader to see both.
 */
export function prunedSigns(
  study: Study,
  groups: readonly SinglesGroup[],
  sparsities: readonly number[] = study.settings.mixSparsities,
  weights: WeightView = "raw",
): PrunedSigns[] {
  return groups.flatMap(({ method, seed, rows }) => {
    const adapters = rows.map(({ adapter }) => trainedAdapter(study, adapter).adapter);
    const forms = [
      { sparsity: 0, criterion: "magnitude" as const },
      ...sparsities.flatMap((sparsity) =>
        (["magnitude", "random"] as const).map((criterion) => ({ sparsity, criterion })),
      ),
    ];
    const signs = forms.map(({ sparsity, criterion }): PrunedSigns => {
      const maps = adapters.map((adapter) => {
        const seed = `0/${adapter.name}`; // each adapter its own random mask, as in mixtures
        const { adapter: pruned } = pruneAdapter(adapter, { sparsity, criterion, weights, seed });
        return signMapOf(pruned, { weights, parameters: "matrices" }); // what pruning left alone says nothing here
      });
      const pairs = maps.flatMap((a, i) => maps.slice(i + 1).map((b) => ({ a, b })));
      const average = (zeros: ZeroRule) => mean(pairs.map(({ a, b }) => compareSigns(a, b, zeros).overall));
      return {
        ...{ method, seed, sparsity, criterion },
        fsd: { never: average("never"), ownSign: average("ownSign"), bothNonZero: average("bothNonZero") },
        bothNonZero: mean(
          pairs.map(({ a, b }) => {
            const { counts } = compareSigns(a, b);
            return counts.bothNonZero / counts.positions;
          }),
        ),
      };
    });
    return madeFrom(signs, rows);
  });
}
