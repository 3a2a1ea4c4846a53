import { mean } from "simple-statistics";
import { createRandom } from "../../engine/random.js";
import { type SparseMixture, sparseMixtures } from "../../mixing/prune-then-mix.js";
import { enumerateMixtures } from "../../mixing/subsets.js";
import { madeFrom } from "../../results/origin.js";
import { sharedInitialisation, type WeightView } from "../../signs/initialisation.js";
import { bestOf, type Score } from "../../statistics/cross-fit.js";
import type { Effect } from "../../statistics/effect.js";
import { jackknife } from "../../statistics/jackknife.js";

import { overTargets } from "../../statistics/over-targets.js";
import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import type { TestSplit } from "../../study/test-adapter.js";
import { type Pool, readScore, scoreOf, setsWith } from "../mix/pool.js";
import { sparseMixtureUnit } from "./sparse-mixture-unit.js";

/** A sparse mixture, or a control of one, tested on the domain of one of its members. */
export interface SparseResult {
  method: string;
  seed: number;
  target: string;
  members: string[];
  size: number;
  sparsity: number;
  weights: WeightView;
  kind: SparseMixture;
  accuracy: number;
  /** Accuracy of the same adapters' dense average. */
  dense: number;
  score: Score;
}

/** Which sparse mixtures are made. */
export interface SparseSelection {
  kinds: readonly SparseMixture[];
  sparsities?: readonly number[];
  weights?: WeightView;
  /** At most so many mixtures of each size, in which every adapter appears equally often. All by default. */
  perSize?: number;
}

/** The kinds of control that equal the sparse mixture in sparsity or scale, and are blind to signs. */
export const controls: readonly SparseMixture[] = ["random", "randomRescaled", "scaledDense"];

/**
 * Makes and tests sparse mixtures of the profile's sizes over the pool. Those pruned by magnitude are tested on dev as
 * well, so that the best of them can be cross-fitted; controls are not. With `weights: "change"` only sets are mixed whose
 * members share a start.
 */
export async function mixSparse(
  study: Study,
  pools: readonly Pool[],
  selection: SparseSelection,
  options: RunOptions = {},
): Promise<SparseResult[]> {
  const { kinds, sparsities = study.settings.mixSparsities, weights = "raw", perSize } = selection;
  const tests = pools.flatMap((pool) =>
    setsOf(study, pool, { perSize, weights }).flatMap((set) =>
      set.flatMap((target) =>
        sparsities.flatMap((sparsity) => kinds.map((kind) => ({ pool, set, target, sparsity, kind }))),
      ),
    ),
  );
  const inputs = tests.map(({ pool, set, target, sparsity, kind }) => {
    const own = pool.rows[target];
    const of = set.map((member) => pool.rows[member].adapter);
    const split: TestSplit = kind === "sparse" ? "devAndTest" : "test";
    return { domain: own.domain, headOf: own.adapter, recipe: { kind, sparsity, weights, of }, split };
  });
  const rows = await sparseMixtureUnit.rows(study, inputs, options);
  return tests.map(({ pool, set, target, sparsity, kind }, i) => {
    const own = pool.rows[target];
    const score = readScore(rows[i], own.testRows);
    const result: SparseResult = {
      ...{ method: pool.method, seed: pool.seed, target: own.domain, size: set.length, sparsity, weights, kind },
      members: set.map((member) => pool.rows[member].domain),
      accuracy: score.test,
      dense: scoreOf(pool, set, target).test,
      score,
    };
    return madeFrom(result, rows[i], pool);
  });
}

/** The sets of a pool's adapters that are mixed by their weights, as positions. */
export function sparseSets({ settings }: Pick<Study, "settings">, adapters: number, perSize?: number): number[][] {
  const sizes = settings.sparseSizes.filter((size) => size <= adapters);
  return enumerateMixtures(adapters, { sizes, perSize, seed: "sparse" });
}

/** Sets to mix. The change of a mixture is known only where its members share a start, so for `change` the others go. */
function setsOf(
  study: Study,
  pool: Pool,
  { perSize, weights }: Required<Pick<SparseSelection, "weights">> & Pick<SparseSelection, "perSize">,
): number[][] {
  const n = pool.rows.length;
  if (weights === "raw") return sparseSets(study, n, perSize);
  const adapters = pool.rows.map(({ adapter }) => trainedAdapter(study, adapter).adapter);
  if (sharedInitialisation(adapters)) return sparseSets(study, n, perSize);
  return sparseSizes(study, pool).flatMap((size) =>
    createRandom("sparse")
      .shuffle(enumerateMixtures(n, { sizes: [size] }))
      .filter((set) => sharedInitialisation(set.map((i) => adapters[i])))
      .slice(0, perSize),
  );
}

function sparseSizes({ settings }: Study, pool: Pool): number[] {
  return settings.sparseSizes.filter((size) => size <= pool.rows.length);
}

/** The best sparse mixture and the best dense one for one target and size, both cross-fitted. */
export interface BestSparse {
  method: string;
  seed: number;
  target: string;
  size: number;
  sparsity: number;
  /** Accuracies of the cross-fitted best. */
  sparse: number;
  dense: number;
  /** Mean accuracy over all sparse, and all dense, mixtures of the size with the target. */
  meanSparse: number;
  meanDense: number;
}

/**
 * The best sparse mixture against the best dense one at equal size, both chosen on dev and half of the test examples and
 * scored on the other half. Needs the sparse results of all mixtures of a size.
 */
export function bestSparse(pools: readonly Pool[], results: readonly SparseResult[]): BestSparse[] {
  const sparse = results.filter(({ kind }) => kind === "sparse");
  const found = new Map(sparse.map((row) => [keyOf(row, row.members, row.target), row.score]));
  const sparsities = [...new Set(sparse.map(({ sparsity }) => sparsity))];
  const sizes = [...new Set(sparse.map(({ size }) => size))];
  return pools.flatMap((pool) =>
    sparsities.flatMap((sparsity) =>
      sizes.flatMap((size) =>
        pool.rows.map(({ domain, devRows }, target) => {
          const { method, seed } = pool;
          const sets = setsWith(pool.rows.length, size, target);
          const sparseScores = sets.map((set) => {
            const names = set.map((member) => pool.rows[member].domain);
            const score = found.get(keyOf({ method, seed, sparsity }, names, domain));
            if (!score) throw new Error(`The sparse mixture ${names.join(" + ")} was not tested on ${domain}.`);
            return score;
          });
          const denseScores = sets.map((set) => scoreOf(pool, set, target));
          const best: BestSparse = {
            ...{ method, seed, target: domain, size, sparsity },
            sparse: bestOf(sparseScores, devRows).crossFitted,
            dense: bestOf(denseScores, devRows).crossFitted,
            meanSparse: mean(sparseScores.map(({ test }) => test)),
            meanDense: mean(denseScores.map(({ test }) => test)),
          };
          return madeFrom(best, pool, sparse);
        }),
      ),
    ),
  );
}

function keyOf(group: { method: string; seed: number; sparsity: number }, members: string[], target: string): string {
  const { method, seed, sparsity } = group;
  return JSON.stringify([method, seed, sparsity, [...members].sort(), target]);
}

/** Claim C5: the best sparse mixture minus the best dense one at equal size, in points; every size counts the same. */
export function sparseBesideBestDense(rows: readonly BestSparse[]): Effect {
  return overTargets(rows, ({ sparse, dense }) => 100 * (sparse - dense));
}

/** A kind's accuracy minus that of the dense average of the same adapters, in points. */
export function besideDense(results: readonly SparseResult[], kind: SparseMixture): Effect {
  const own = results.filter((row) => row.kind === kind);
  return overTargets(own, ({ accuracy, dense }) => 100 * (accuracy - dense));
}

/** The sparse mixture's accuracy minus that of one control of the same adapters, in points. */
export function besideControl(results: readonly SparseResult[], control: SparseMixture): Effect {
  return overTargets(withControl(results, control), ({ difference }) => difference);
}

/**
 * Claim C5b: the sparse mixture minus the best of the {@link controls}, in points. Which control is best is settled anew
 * whenever a domain is left out.
 */
export function besideBestControl(results: readonly SparseResult[]): Effect {
  const rows = new Map(controls.map((control) => [control, withControl(results, control)]));
  const targets = [...new Set(results.map(({ target }) => target))];
  return jackknife(targets, (without) =>
    Math.min(...controls.map((control) => meanDifference(rows.get(control)!, without))),
  );
}

interface Difference {
  method: string;
  target: string;
  size: number;
  difference: number;
}

function meanDifference(rows: readonly Difference[], without?: string): number {
  const cells = new Map<string, number[]>();
  for (const { method, size, target, difference } of rows) {
    if (target === without) continue;
    const key = `${method}/${size}`;
    cells.set(key, [...(cells.get(key) ?? []), difference]);
  }
  return mean([...cells.values()].map((cell) => mean(cell)));
}

function withControl(results: readonly SparseResult[], control: SparseMixture): Difference[] {
  const key = (row: SparseResult) => JSON.stringify([keyOf(row, row.members, row.target), row.weights]);
  const sparse = new Map(results.filter(({ kind }) => kind === "sparse").map((row) => [key(row), row.accuracy]));
  return results
    .filter(({ kind }) => kind === control)
    .map((row) => {
      const own = sparse.get(key(row));
      if (own === undefined) throw new Error(`There is no sparse mixture beside a ${control} one; make both.`);
      const { method, target, size } = row;
      return { method, target, size, difference: 100 * (own - row.accuracy) };
    });
}

/** Every kind of sparse mixture and control, in the order of tables. */
export const sparseKinds = sparseMixtures.filter((kind) => kind !== "dense");
