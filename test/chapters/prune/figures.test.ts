import assert from "node:assert/strict";
import { test } from "node:test";

import { pruningFigure, pruningHeatmap, scopeFigure } from "#src/chapters/prune/figures.js";
import type { PruneResult } from "#src/chapters/prune/pruning-curves.js";
import type { WeightView } from "#src/signs/initialisation.js";
import { traces } from "../../figures/traces.js";

function pruned(domain: string, sparsity: number, loss: number, more: Partial<PruneResult> = {}): PruneResult {
  return {
    ...{ domain, method: "houlsby", seed: 1, sparsity, scope: "global", weights: "raw", single: 0.75 },
    ...{ accuracy: 0.75 - loss / 100, loss, lossError: 1, pruned: 1, inScope: 2, keptByPart: {}, mask: "" },
    ...more,
  };
}

const results = [pruned("a", 0.5, 0), pruned("b", 0.5, 25), pruned("a", 0.9, 50), pruned("b", 0.9, 25)];

test("accuracy by sparsity begins at the unpruned adapter; levels are those of the method", () => {
  const levels = [{ method: "houlsby", name: "floor", y: 0.25 }];
  const figure = traces(pruningFigure(results, { levels }));
  assert.deepEqual(figure["weights pruned to zero"].x, [0, 0.5, 0.9]);
  assert.deepEqual(figure["weights pruned to zero"].y, [0.75, 0.625, 0.375]);
  assert.deepEqual(figure.floor.y, [0.25, 0.25]);
});

test("the heatmap has a row for each domain and a column for each method and sparsity", () => {
  const [trace] = pruningHeatmap([...results, pruned("a", 0.5, 8, { method: "lora" })]).data;
  assert.deepEqual(trace.y, ["a", "b"]);
  assert.deepEqual(trace.x, ["Houlsby 50%", "Houlsby 90%", "LoRA 50%", "LoRA 90%"]);
  assert.deepEqual(trace.z, [
    [0, 50, 8, null],
    [25, 25, null, null],
  ]);
  const title = pruningHeatmap(results).layout.meta as { subtitle?: string };
  assert.equal(title.subtitle, "weights pruned to zero");
});

test("loss by scope has a line for each scope, over the domains that its subtitle names", () => {
  const layers = results.map((row) => ({ ...row, scope: "layer" as const, loss: row.loss / 2 }));
  const figure = scopeFigure([...results, ...layers]);
  assert.deepEqual(traces(figure)["pruned within: the whole adapter"].y, [12.5, 37.5]);
  assert.deepEqual(traces(figure)["pruned within: each layer"].y, [6.25, 18.75]);
  assert.equal((figure.layout.meta as { subtitle?: string }).subtitle, "a, b");
});

test("what was pruned, weights or their change, has a line of its own", () => {
  const views = new Set<WeightView>(results.map(({ weights }) => weights));
  assert.deepEqual([...views], ["raw"]);
  assert.equal(Object.keys(traces(pruningFigure(results))).length, 1);
});
