import { mean } from "simple-statistics";
import type { Adapter } from "../../adapters/adapter.js";
import { pruneAdapter } from "../../pruning/prune.js";
import { signMapOf } from "../../signs/adapter-signs.js";
import type { WeightView } from "../../signs/initialisation.js";
import { compareSigns, type ZeroRule } from "../../signs/sign-difference.js";
import { defineUnit } from "../../study/define-unit.js";
import { trainedAdapter } from "../../study/trained-adapter.js";

/** FSD of adapters' matrices after pruning, averaged over all pairs. */
export interface SignsAfterPruning {
  sparsity: number;
  criterion: "magnitude" | "random";
  /** By the convention for zeros. */
  fsd: Record<ZeroRule, number>;
  /** Share of the weights at which both of a pair are non-zero. */
  bothNonZero: number;
}

/** FSD before and after pruning, by magnitude and at random, at each sparsity. */
export function signsAfterPruning(
  adapters: readonly Adapter[],
  sparsities: readonly number[],
  weights: WeightView,
): SignsAfterPruning[] {
  const forms = [
    { sparsity: 0, criterion: "magnitude" as const },
    ...sparsities.flatMap((sparsity) =>
      (["magnitude", "random"] as const).map((criterion) => ({ sparsity, criterion })),
    ),
  ];
  return forms.map(({ sparsity, criterion }) => {
    const maps = adapters.map((adapter) => {
      const seed = `0/${adapter.name}`; // each adapter its own random mask, as in mixtures
      const { adapter: pruned } = pruneAdapter(adapter, { sparsity, criterion, weights, seed });
      return signMapOf(pruned, { weights, parameters: "matrices" }); // what pruning left alone says nothing here
    });
    const pairs = maps.flatMap((a, i) => maps.slice(i + 1).map((b) => ({ a, b })));
    const average = (zeros: ZeroRule) => mean(pairs.map(({ a, b }) => compareSigns(a, b, zeros).overall));
    return {
      ...{ sparsity, criterion },
      fsd: { never: average("never"), ownSign: average("ownSign"), bothNonZero: average("bothNonZero") },
      bothNonZero: mean(
        pairs.map(({ a, b }) => {
          const { counts } = compareSigns(a, b);
          return counts.bothNonZero / counts.positions;
        }),
      ),
    };
  });
}

/** Which trained adapters, by hash, are pruned how far. */
export interface PrunedSignsInput {
  of: readonly string[];
  sparsities: readonly number[];
  weights: WeightView;
}

/** Counts signs after pruning on trained adapters, for profiles that store what is counted on signs. */
export const prunedSignsUnit = defineUnit({
  kind: "pruned-signs",
  module: import.meta.url,
  settings: (_study, { of, sparsities, weights }: PrunedSignsInput) => ({
    ...{ of: [...of], sparsities: [...sparsities], weights },
  }),
  methods: ["magnitude", "random"],
  run: (study, { of, sparsities, weights }) => ({
    forms: signsAfterPruning(
      of.map((hash) => trainedAdapter(study, hash).adapter),
      sparsities,
      weights,
    ),
  }),
});
