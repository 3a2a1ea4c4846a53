import assert from "node:assert/strict";
import { test } from "node:test";
import { measurePools } from "#src/chapters/mix/pool.js";
import { sparsityRows } from "#src/chapters/prune/paper-figures.js";
import { maskPath, type PruneRow } from "#src/chapters/prune/prune-unit.js";
import {
  gainKept,
  largestSafeSparsity,
  lossAt90,
  meanLoss,
  type PruneResult,
  pairedLoss,
  pruneSingles,
} from "#src/chapters/prune/pruning-curves.js";
import { prunedSigns } from "#src/chapters/sparse/pruned-signs.js";
import {
  besideBestControl,
  besideControl,
  besideDense,
  bestSparse,
  controls,
  mixSparse,
  sparseBesideBestDense,
} from "#src/chapters/sparse/sparse-mixtures.js";
import { controlsTable } from "#src/chapters/sparse/tables.js";
import { measureBaselines, trainSingles } from "#src/chapters/train/singles.js";
import { roundHalfToEven } from "#src/pruning/keep-mask.js";
import { loadMask } from "#src/pruning/mask-file.js";
import type { Effect } from "#src/statistics/effect.js";
import { tinyStudy } from "../../study/tiny-study.js";

const study = await tinyStudy();
const singles = await trainSingles(study, { methods: ["houlsby", "lora"] });

test("without pruning nothing is lost; counts are exact; masks are kept", async () => {
  const results = await pruneSingles(study, singles, { sparsities: [0, 0.9], weights: ["raw", "change"] });
  assert.equal(results.length, 8 * 2 * 2);
  for (const { sparsity, loss, pruned, inScope, scope, method, keptByPart } of results) {
    if (sparsity === 0) assert.equal(loss, 0);
    if (scope === "global") assert.equal(pruned, roundHalfToEven(sparsity * inScope));
    assert.equal(scope, method === "lora" ? "tensor" : "global");
    if (method === "lora") assert.ok(Math.abs(keptByPart.A - keptByPart.B) < 0.01);
  }
  const { row } = study.store.all("prune")[0] as unknown as { row: PruneRow };
  const mask = loadMask(maskPath(study, row.mask));
  const kept = Object.values(mask)
    .flatMap(({ data }) => Array.from(data))
    .filter((bit) => bit === 1).length;
  assert.equal(kept, row.inScope - row.pruned);
});

test("the paired loss and its standard error by hand", () => {
  const { loss, lossError } = pairedLoss([true, true, true, false], [false, true, true, false]);
  assert.equal(loss, 25);
  assert.ok(Math.abs(lossError - 25) < 1e-9); // differences 100, 0, 0, 0: s = 50, s/√4 = 25
});

const row = (domain: string, sparsity: number, loss: number): PruneResult => ({
  ...{ domain, sparsity, loss, method: "houlsby", seed: 1, scope: "global", weights: "raw", lossError: 0 },
  ...{ single: 0.9, accuracy: 0.9 - loss / 100, pruned: 0, inScope: 0, keptByPart: {}, mask: "" },
});

test("the largest safe sparsity stops at the first that is not bounded; the gain kept is a ratio of sums", async () => {
  const losses = { 0.5: 0, 0.8: 0.5, 0.9: 9, 0.95: 0 };
  const rows = Object.entries(losses).flatMap(([sparsity, loss]) =>
    ["a", "b", "c"].map((domain) => row(domain, Number(sparsity), loss)),
  );
  assert.equal(largestSafeSparsity(rows), 0.8);
  assert.equal(largestSafeSparsity(rows, 0.1), 0.5);
  assert.deepEqual(meanLoss(rows, 0.9), { effect: 9, low: 9, high: 9 });
  assert.throws(() => meanLoss(rows, 0.3), /No adapter was pruned to a sparsity of 0.3/);
  const [baseline] = await measureBaselines(study, { domains: ["sst2"] });
  const baselines = ["a", "b", "c"].map((domain) => ({ ...baseline, domain, seed: 1, frozenProbe: 0.7 }));
  assert.ok(Math.abs(gainKept(rows, baselines, 0.9).effect - (0.81 - 0.7) / 0.2) < 1e-9);
});

test("P1 is the loss of raw weights at 90% over the targets that count; figure 8a has the same rows by sparsity", () => {
  const results = ["a", "b", "c", "d"].flatMap((domain, i) => [row(domain, 0.8, 1), row(domain, 0.9, i)]);
  const changes = { ...row("a", 0.9, 50), weights: "change" as const };
  const { effect } = lossAt90([...results, changes], ["a", "b", "c"]) as Effect;
  assert.equal(effect, 1);
  assert.deepEqual(lossAt90(results, ["a", "b"]), { undecided: "2 targets count, an interval needs 3" });
  assert.deepEqual(sparsityRows(results), [
    { series: "Houlsby", sparsity: 0.8, change: -1 },
    { series: "Houlsby", sparsity: 0.9, change: -1.5 },
  ]);
  assert.deepEqual(
    sparsityRows([...results, changes]).map(({ series }) => series),
    ["Houlsby, weights", "Houlsby, weights", "Houlsby, changes"],
  );
});

test("changes are mixed only of adapters that share a start", async () => {
  const apart = await tinyStudy({ regime: "paper" });
  const own = await measurePools(apart, await trainSingles(apart, { methods: ["houlsby"] }));
  const made = await mixSparse(apart, own, { kinds: ["sparse"], weights: "change", sparsities: [0.9] });
  assert.deepEqual(
    made.map(({ members }) => members),
    [
      ["sst2", "tweets"],
      ["sst2", "tweets"],
    ],
    "those of two classes",
  );
  const four = { ...apart, settings: { ...apart.settings, sparseSizes: [4] } };
  const none = await mixSparse(four, own, { kinds: ["sparse"], weights: "change", sparsities: [0.9] });
  assert.match(JSON.stringify(controlsTable(none)), /the change of their mixtures is not defined/);
});

test("sparse mixtures at sparsity 0 are the dense ones; claims follow from differences", async () => {
  const pools = await measurePools(study, singles);
  const none = await mixSparse(study, pools, { kinds: ["sparse"], sparsities: [0] });
  assert.equal(none.length, 4 * 3 + 4);
  for (const { accuracy, dense } of none) assert.equal(accuracy, dense);
  for (const best of bestSparse(pools, none)) {
    assert.equal(best.sparse, best.dense);
    assert.equal(best.meanSparse, best.meanDense);
  }
  assert.equal(sparseBesideBestDense(bestSparse(pools, none)).effect, 0);

  const some = await mixSparse(study, pools, { kinds: ["sparse", ...controls, "ties"], sparsities: [0.9], perSize: 2 });
  assert.equal(besideControl(some, "sparse").effect, 0);
  const worst = Math.min(...controls.map((control) => besideControl(some, control).effect));
  assert.equal(besideBestControl(some).effect, worst);
  const parts = besideDense(some, "sparse").effect - besideDense(some, "ties").effect;
  assert.ok(Math.abs(besideControl(some, "ties").effect - parts) < 1e-9);
  assert.throws(() => bestSparse(pools, some), /was not tested on/);
});

test("pruning to zeros changes FSD by the convention for zeros", () => {
  const [, before] = prunedSigns(study, [{ method: "houlsby", seed: 1, rows: singles.slice(0, 4) }], [0]);
  const [start, magnitude, random] = prunedSigns(
    study,
    [{ method: "houlsby", seed: 1, rows: singles.slice(0, 4) }],
    [0.9],
  );
  assert.deepEqual(before.fsd, start.fsd, "pruning nothing changes nothing");
  assert.equal(start.fsd.never, start.fsd.bothNonZero);
  for (const { fsd, bothNonZero } of [magnitude, random]) {
    assert.ok(fsd.never <= fsd.ownSign);
    assert.ok(bothNonZero <= 0.1 + 1e-9);
  }
  assert.ok(random.bothNonZero < 0.02, "two random tenths share a hundredth");
});
