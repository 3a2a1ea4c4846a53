import assert from "node:assert/strict";
import { test } from "node:test";
import { measurePools, poolSingles } from "#src/chapters/mix/pool.js";
import {
  type LayerSparseResult,
  mixLayerSparse,
  sparseBesideBest,
  sparseSizeRows,
} from "#src/chapters/sparse/layer-sparse.js";
import { layerSparseTable } from "#src/chapters/sparse/tables.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { sparseMixing } from "#src/mixing/sparse-mixing.js";
import type { Effect } from "#src/statistics/effect.js";
import { trainedAdapter } from "#src/study/trained-adapter.js";
import { evaluate } from "#src/training/evaluate.js";
import { tinyStudy } from "../../study/tiny-study.js";

const study = await tinyStudy();
const singles = await trainSingles(study, { methods: ["houlsby"] });
const pools = await measurePools(study, singles);
const results = await mixLayerSparse(study, pools);
const { rows } = poolSingles(study, singles)[0];
const layers = 4; // of the encoder

test("every size, target, sparsity and number of layers; at size one the own adapter alone is pruned", () => {
  assert.equal(results.length, 4 * 4 * study.settings.mixSparsities.length * layers);
  for (const { size, members, target, ownChoice, ofLayers, dense, single, denseBest } of results) {
    assert.equal(members.length, size);
    assert.ok(members.includes(target));
    assert.equal(ofLayers, layers);
    if (size === 1) assert.deepEqual([members, dense, denseBest], [[target], single, single]);
    if (size === 4) assert.ok(ownChoice);
  }
  for (const size of [1, 2, 3]) {
    const chosen = results.filter((row) => row.size === size && row.ownChoice).map(({ target }) => target);
    assert.equal(new Set(chosen).size, size, "algorithm 4 itself chooses as many as it mixes");
  }
});

test("a mixture is what sparseMixing makes of the pool", async () => {
  const adapters = rows.map(({ adapter }) => trainedAdapter(study, adapter).adapter);
  for (const [size, m] of [
    [1, 2],
    [3, 1],
  ]) {
    const { mixture, members } = sparseMixing(adapters, { size, layers: m, sparsity: 0.9 });
    const { domain, adapter } = rows[members[0]];
    const { test: examples } = await study.domain(domain);
    const { head } = trainedAdapter(study, adapter);
    const { accuracy } = evaluate(study.encoder, { adapter: mixture, head }, examples, { maxLength: 16 });
    const wanted = { target: domain, size, sparsity: 0.9, layers: m };
    const found = results.find((row) => Object.entries(wanted).every(([key, value]) => row[key as "size"] === value));
    assert.equal(found?.accuracy, accuracy);
  }
});

const made = (target: string, sparsity: number, m: number, accuracy: number): LayerSparseResult => ({
  ...{ method: "houlsby", seed: 1, target, members: ["a", "b", "c"], size: 3, ownChoice: true, sparsity },
  ...{ layers: m, ofLayers: 2, accuracy, single: 0.9, dense: 0.7, denseBest: 0.75, denseMax: 0.8 },
});

const some = ["a", "b", "c"].flatMap((target) => [
  made(target, 0.8, 1, 0.1),
  made(target, 0.9, 1, 0.78),
  made(target, 0.9, 2, 0.8),
]);

test("P2 takes 90%, the cross-fitted best and every number of layers alike", () => {
  const { effect } = sparseBesideBest(some, ["a", "b", "c"]) as Effect;
  assert.ok(Math.abs(effect - 4) < 1e-9, `${effect}`);
  assert.deepEqual(sparseBesideBest(some, ["a"]), { undecided: "1 target counts, an interval needs 3" });
});

test("rows of the figure and of the table come from the same results", () => {
  const [eighty, ninety] = sparseSizeRows(some);
  assert.deepEqual([eighty.sparsity, eighty.size, eighty.layers], [0.8, 3, 1]);
  assert.ok(Math.abs(ninety.sparse + 12) < 1e-9 && Math.abs(ninety.denseMax + 10) < 1e-9);
  assert.deepEqual(
    layerSparseTable(some).map((cells) => [cells["layers pruned"], cells["− best dense on test [95%]"]]),
    [
      ["1 of 2", "-70.0 [-70.0, -70.0]"],
      ["1 of 2", "-2.0 [-2.0, -2.0]"],
      ["2 of 2", "0.0 [0.0, 0.0]"],
    ],
  );
});
