import type { FlipSizeRow, PairPoint, SimilarityPoint } from "#src/chapters/conflict/paper-figures.js";
import type { ChoiceRow } from "#src/chapters/greedy/paper-figures.js";
import { type Condition, conditions, type DropRow } from "#src/chapters/mix/paper-figures.js";
import type { SparsityRow } from "#src/chapters/prune/paper-figures.js";
import type { SparseSizeRow } from "#src/chapters/sparse/paper-figures.js";
import { domainCard } from "#src/domains/card.js";
import { domainNames } from "#src/domains/domain.js";
import { createRandom } from "#src/engine/random.js";

/** Rows such as a study would give, made up by a seed, for the figures that stand beside the paper's. */
const random = createRandom("rows beside the paper");
const sizes = [2, 3, 5, 8, 13];
const sameStart = (a: string, b: string) => domainCard(a).labels.length === domainCard(b).labels.length;
const harm: Record<Condition, number> = { clean: 1, textfooler: 1.2, fgsm: 0.8 };

export const dropRows: DropRow[] = domainNames.flatMap((target) =>
  conditions.flatMap((condition) =>
    sizes.flatMap((size) =>
      Array.from({ length: size === 13 ? 1 : 8 }, () => ({
        ...{ target, size, condition },
        drop: harm[condition] * (4 * Math.log(size) + 3 * random.normal()),
      })),
    ),
  ),
);

export const pairRows: PairPoint[] = domainNames.flatMap((target) =>
  domainNames
    .filter((partner) => partner !== target)
    .map((partner) => {
      const same = sameStart(target, partner);
      const flipShare = same ? 0.05 + 0.1 * random.uniform() : 0.18 + 0.1 * random.uniform();
      return {
        target,
        partner,
        flipShare,
        fsd: same ? 0.2 : 0.5,
        change: -20 * flipShare - 2 * random.uniform(),
        sameStart: same,
      };
    }),
);

export const flipRows: FlipSizeRow[] = domainNames.flatMap((target) =>
  sizes.map((size) => ({
    ...{ target, size, flipShare: 0.1 * Math.log(size) + 0.05 * random.uniform() },
    byArithmetic: 0.1 * Math.log(size) + 0.02,
  })),
);

export const similarityRows: SimilarityPoint[] = domainNames.flatMap((first, i) =>
  domainNames.slice(i + 1).map((second) => {
    const same = sameStart(first, second);
    return {
      first,
      second,
      sameStart: same,
      fsd: same ? 0.2 : 0.5,
      embedding: random.uniform(),
      topics: random.uniform(),
      words: random.uniform(),
    };
  }),
);

export const choiceRows: ChoiceRow[] = [1, ...sizes].map((size) => {
  const middle = 0.85 - 0.03 * Math.log(size);
  const spread = size === 1 || size === 13 ? 0 : 0.02;
  const [max, min] = [middle + spread, middle - spread];
  return { size, max, leastFsd: middle + spread / 3, mean: middle, mostFsd: middle - spread / 2, min };
});

export const sparsityRows: SparsityRow[] = ["raw weights", "change"].flatMap((series, i) =>
  [0.4, 0.6, 0.8, 0.9, 0.95, 0.99].map((sparsity) => ({ series, sparsity, change: -(i + 1) * 5 * sparsity ** 8 })),
);

export const sparseRows: SparseSizeRow[] = [0.8, 0.9].flatMap((sparsity) =>
  [1, 2].flatMap((layers) =>
    [1, ...sizes].map((size) => ({
      ...{ size, sparsity, layers, ofLayers: 2 },
      denseBest: -3.2 * Math.log(size),
      denseMax: -3 * Math.log(size),
      sparse: -(3 + layers / 2) * Math.log(size) - (sparsity === 0.9 ? 1 : 0),
    })),
  ),
);
