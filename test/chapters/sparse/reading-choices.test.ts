import assert from "node:assert/strict";
import { test } from "node:test";
import type { RegretRow } from "#src/chapters/greedy/regret.js";
import { regretTable } from "#src/chapters/greedy/tables.js";
import type { PruneResult } from "#src/chapters/prune/pruning-curves.js";
import { pruningTable } from "#src/chapters/prune/tables.js";
import { readControls, readPruning, readRegret } from "#src/chapters/sparse/reading-choices.js";
import type { SparseResult } from "#src/chapters/sparse/sparse-mixtures.js";
import type { BaselineRow } from "#src/chapters/train/baseline-unit.js";
import type { SparseMixture } from "#src/mixing/prune-then-mix.js";

const targets = ["a", "b", "c", "d"];

/** Made-up regrets of every picker: `of` gives the points. */
function regretRows(of: (picker: RegretRow["picker"], target: number) => number): RegretRow[] {
  const pickers = ["fsd", "fsdOfChange", "cosine", "text", "movedLeast", "random"] as const;
  return targets.flatMap((target, t) =>
    pickers.map((picker) => {
      const regret = of(picker, t);
      return { ...{ method: "houlsby", seed: 1, target, size: 2, picker, regret }, accuracy: 0.9 - regret / 100 };
    }),
  );
}

test("regret is read from the numbers: surely better, surely worse, or not to be told", () => {
  const better = readRegret(regretRows((picker, t) => (picker === "random" ? 3 : picker === "fsd" ? 1 : 2) + t / 100));
  assert.match(better, /ends 1\.0 points below the cross-fitted best/);
  assert.match(better, /surely less regret than a random choice \(difference -2\.0/);
  assert.match(better, /comes first; the one with least regret is "least FSD" \(1\.0 points\)/);
  const worse = readRegret(regretRows((picker) => (picker === "random" ? 0 : picker === "fsd" ? 4 : 2)));
  assert.match(worse, /surely more regret/);
  assert.match(worse, /comes fifth/);
  const open = readRegret(regretRows((picker, t) => (picker === "fsd" ? 4 * (-1) ** t - 1 : 0)));
  assert.match(open, /ends 1\.0 points above the cross-fitted best.*cannot be told/);
});

test("the table of regrets has a row for each picker, and random is not beside itself", () => {
  const rows = regretTable(regretRows(() => 1));
  assert.equal(rows.length, 6);
  assert.equal(rows[0]["regret [95%]"], "1.0 [1.0, 1.0]");
  assert.equal(rows[5]["beside random [95%]"], "");
  assert.equal(rows[0]["at least as good as the best"], "0 of 4");
});

function pruned(loss: number, single: number): PruneResult[] {
  return targets.map((domain) => ({
    ...{
      domain,
      method: "lora",
      seed: 1,
      sparsity: 0.9,
      scope: "tensor",
      weights: "raw",
      single,
      loss,
      lossError: 0.1,
    },
    ...{ accuracy: single - loss / 100, pruned: 9, inScope: 10, keptByPart: {}, mask: "" },
  }));
}

const baselines = targets.map((domain) => ({ domain, seed: 1, frozenProbe: 0.6 }) as unknown as BaselineRow);

test("pruning is read with the gain kept, or without where nothing was gained", () => {
  const some = readPruning(pruned(5, 0.8), baselines, 0.9);
  assert.match(some, /Pruning 90% of the weights costs LoRA 5\.0 points \[5\.0, 5\.0\]/);
  assert.match(some, /75% \[75%, 75%\] is kept/);
  assert.match(readPruning(pruned(5, 0.5), baselines, 0.9), /gained too little/);
  const [row] = pruningTable(pruned(0.5, 0.5), baselines, 0.9);
  assert.equal(row["largest safe sparsity"], "90%");
  assert.equal(row["adapters bounded by a point"], "4 of 4");
  assert.equal(row["gain kept (%, 95%)"], "–");
});

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
  const signs = readControls(sparse({ sparse: 3, random: 1, randomRescaled: 0, scaledDense: 2, ties: 4 }));
  assert.match(signs, /mixing helps \(3\.0 points/);
  assert.match(signs, /best control is "dense, scaled down".*1\.0 points above it.*Signs may be the reason/);
  assert.match(signs, /electing signs adds accuracy \(1\.0 points\)/);
  const size = readControls(sparse({ sparse: 3, random: 1, randomRescaled: 0, scaledDense: 5, ties: 3 }));
  assert.match(size, /2\.0 points below it.*Signs are not the reason/);
  assert.match(size, /makes no difference that can be told \(0\.0 points\)/);
});
