import { mean } from "simple-statistics";
import { chooseFor, leastFsdChoice } from "../../mixing/least-fsd.js";
import { madeFrom } from "../../results/origin.js";
import { bestOf } from "../../statistics/cross-fit.js";
import { claimMean } from "../../study/claim-effects.js";
import type { RunOptions } from "../../study/run.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import type { Study } from "../../study/study.js";
import { pairwiseFsd } from "../conflict/pairwise.js";
import { type Pool, scoreOf, setsWith } from "../mix/pool.js";
import { layerSparseUnit } from "./layer-sparse-unit.js";
import type { SparseSizeRow } from "./paper-figures.js";

/** A mixture of algorithm 4 on the domain of one of its members. Accuracies are shares of the test examples. */
export interface LayerSparseResult {
  method: string;
  seed: number;
  target: string;
  /** The domains mixed, the target among them. */
  members: string[];
  size: number;
  /** Whether algorithm 4 itself chooses the target at this size; if not, the target takes the place of its last. */
  ownChoice: boolean;
  sparsity: number;
  /** m: layers pruned of each adapter, of so many. */
  layers: number;
  ofLayers: number;
  accuracy: number;
  /** The target's own adapter alone, dense. */
  single: number;
  /** The same members, dense. */
  dense: number;
  /** The cross-fitted best of all dense mixtures of the size with the target. */
  denseBest: number;
  /** The best of them as the paper takes it, chosen and scored on the same examples. */
  denseMax: number;
}

/**
 * Sparse mixtures by algorithm 4 of every size of every pool, for each of its domains as target, at the profile's sparsities
 * and with every number of layers pruned, 1 to all: the paper does not say how many. Members are those of least row-mean FSD;
 * of a target that is not among them, the own adapter takes the place of the last.
 */
export async function mixLayerSparse(
  study: Study,
  pools: readonly Pool[],
  options: RunOptions = {},
): Promise<LayerSparseResult[]> {
  const tests = pools.flatMap((pool) => {
    const { length } = pool.rows;
    const order = leastFsdChoice(pairwiseFsd(study, pool.rows), length);
    const ofLayers = study.encoder.config.layers;
    const everyLayer = Array.from({ length: ofLayers }, (_, i) => i + 1);
    return pool.rows.flatMap((_, i) =>
      pool.rows.flatMap(({ devRows }, target) => {
        const size = i + 1;
        const dense = setsWith(length, size, target).map((each) => scoreOf(pool, each, target));
        const shared = { pool, order, target, size, ofLayers, best: bestOf(dense, devRows) };
        return study.settings.mixSparsities.flatMap((sparsity) =>
          everyLayer.map((layers) => ({ ...shared, sparsity, layers })),
        );
      }),
    );
  });
  const made = tests.map(({ pool, order, target, size, sparsity, layers }) => {
    const set = chooseFor(target, order, size).sort((a, b) => a - b);
    const hashes = pool.rows.map(({ adapter }) => adapter);
    const { domain, adapter: headOf } = pool.rows[target];
    const recipe = { of: set.map((i) => hashes[i]), among: size > 1 ? [] : hashes, layers, sparsity };
    return { set, input: { domain, headOf, recipe } };
  });
  const rows = await layerSparseUnit.rows(
    study,
    made.map(({ input }) => input),
    options,
  );
  return tests.map(({ pool, order, target, size, sparsity, layers, ofLayers, best }, i) => {
    const { set } = made[i];
    const { domain } = pool.rows[target];
    const result: LayerSparseResult = {
      ...{ method: pool.method, seed: pool.seed, target: domain, size, sparsity, layers, ofLayers },
      members: set.map((member) => pool.rows[member].domain),
      ownChoice: order.slice(0, size).includes(target),
      accuracy: rows[i].accuracy,
      single: scoreOf(pool, [target], target).test,
      dense: scoreOf(pool, set, target).test,
      ...{ denseBest: best.crossFitted, denseMax: best.testChosen },
    };
    return madeFrom(result, rows[i], pool);
  });
}

/**
 * Claim P2: sparse mixtures of algorithm 4 at 90% minus the cross-fitted best dense mixture of equal size, two and more, in
 * points, over the targets that count; every number of layers pruned counts the same.
 */
export function sparseBesideBest(results: readonly LayerSparseResult[], targets: readonly string[]): ClaimEffect {
  const rows = results.filter(({ sparsity, size }) => sparsity === 0.9 && size > 1);
  return claimMean(rows, ({ accuracy, denseBest }) => 100 * (accuracy - denseBest), targets);
}

/** Results averaged over targets, methods and seeds, by sparsity, layers pruned and size; points beside the single adapters. */
export function sparseSizeRows(results: readonly LayerSparseResult[]): SparseSizeRow[] {
  const keyOf = ({ sparsity, layers, size }: LayerSparseResult) => JSON.stringify([sparsity, layers, size]);
  const groups = new Map<string, LayerSparseResult[]>();
  for (const row of results) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups.values()].map((own) => {
    const points = (value: (row: LayerSparseResult) => number) => 100 * mean(own.map((row) => value(row) - row.single));
    const [{ size, sparsity, layers, ofLayers }] = own;
    const row: SparseSizeRow = {
      ...{ size, sparsity, layers, ofLayers },
      sparse: points(({ accuracy }) => accuracy),
      denseBest: points(({ denseBest }) => denseBest),
      denseMax: points(({ denseMax }) => denseMax),
    };
    return madeFrom(row, own);
  });
}
