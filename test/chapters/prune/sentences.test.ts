import assert from "node:assert/strict";
import { test } from "node:test";
import type { PruneResult } from "#src/chapters/prune/pruning-curves.js";
import { describePruning } from "#src/chapters/prune/sentences.js";
import { pruningTable } from "#src/chapters/prune/tables.js";
import type { BaselineRow } from "#src/chapters/train/baseline-unit.js";

const targets = ["a", "b", "c", "d"];

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
  const some = describePruning(pruned(5, 0.8), baselines, 0.9);
  assert.match(some, /Pruning 90% of the weights costs LoRA 5\.0 points \[5\.0, 5\.0\]/);
  assert.match(some, /75% \[75%, 75%\] is kept/);
  assert.match(describePruning(pruned(5, 0.5), baselines, 0.9), /gained too little/);
  const [row] = pruningTable(pruned(0.5, 0.5), baselines, 0.9);
  assert.equal(row["largest safe sparsity"], "90%");
  assert.equal(row["adapters bounded by a point"], "4 of 4");
  assert.equal(row["gain kept (%, 95%)"], "–");
});
