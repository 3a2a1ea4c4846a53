import assert from "node:assert/strict";
import { test } from "node:test";
import { describeControls } from "#src/chapters/sparse/sentences.js";
import type { SparseResult } from "#src/chapters/sparse/sparse-mixtures.js";
import type { SparseMixture } from "#src/mixing/prune-then-mix.js";

const targets = ["a", "b", "c", "d"];

function sparse(points: Partial<Record<SparseMixture, number>>): SparseResult[] {
  return targets.flatMap((target) =>
    Object.entries(points).map(([kind, gain]) => ({
      ...{ method: "houlsby", seed: 1, target, members: ["a", "b"], size: 2, sparsity: 0.9, weights: "raw" as const },
      ...{ kind: kind as SparseMixture, accuracy: 0.5 + gain / 100, dense: 0.5 },
      score: { dev: 0, test: 0, correct: [] },
    })),
  );
}

test("signs are the reason only where pruning beats every control that is blind to them", () => {
  const signs = describeControls(sparse({ sparse: 3, random: 1, randomRescaled: 0, scaledDense: 2, ties: 4 }));
  assert.match(signs, /mixing helps \(3\.0 points/);
  assert.match(signs, /best control is "dense, scaled down".*1\.0 points above it.*Signs may be the reason/);
  assert.match(signs, /electing signs adds accuracy \(1\.0 points\)/);
  const size = describeControls(sparse({ sparse: 3, random: 1, randomRescaled: 0, scaledDense: 5, ties: 3 }));
  assert.match(size, /2\.0 points below it.*Signs are not the reason/);
  assert.match(size, /makes no difference that can be told \(0\.0 points\)/);
});
