import { mean } from "simple-statistics";
import { type AdapterMethod, methods } from "../../adapters/methods.js";
import type { CriterionName } from "../../pruning/criterion.js";
import type { PruneScope } from "../../pruning/pools.js";
import type { CriterionFunction } from "../../pruning/scores.js";
import { unpackBits } from "../../results/bits.js";
import { madeFrom } from "../../results/origin.js";
import type { WeightView } from "../../signs/initialisation.js";
import type { Effect } from "../../statistics/effect.js";
import { jackknife } from "../../statistics/jackknife.js";

import { type CellFunction, cellFunction } from "../../study/cell-function.js";
import { claimMean } from "../../study/claim-effects.js";
import type { RunOptions } from "../../study/run.js";

import type { ClaimEffect } from "../../study/scorecard.js";
import type { Study } from "../../study/study.js";
import type { BaselineRow } from "../train/baseline-unit.js";
import type { TrainRow } from "../train/train-unit.js";
import { pruneUnit } from "./prune-unit.js";

/** One pruned adapter on the test examples of its own domain. */
export interface PruneResult {
  domain: string;
  method: string;
  seed: number;
  sparsity: number;
  scope: PruneScope;
  weights: WeightView;
  accuracy: number;
  /** Accuracy of the adapter before pruning. */
  single: number;
  /** single − accuracy, in points, on the same examples. */
  loss: number;
  /** Standard error of the loss over the test examples, in points. */
  lossError: number;
  pruned: number;
  inScope: number;
  /** Share kept of each part, such as LoRA's A and B. */
  keptByPart: Record<string, number>;
  /** Names the mask's file, see `maskPath`. */
  mask: string;
}

/** Which forms of pruning; what is left out is the profile's sparsities, the method's own scope, and raw weights. */
export interface PruneSelection {
  sparsities?: readonly number[];
  scopes?: readonly PruneScope[];
  weights?: readonly WeightView[];
  /** What goes first: a criterion by name, or a function `(values, context) => scores`, which runs from its source. */
  criterion?: CriterionName | CriterionFunction;
  /** What the function refers to beside its arguments and `sm`, by name; plain data. */
  inputs?: CellFunction["inputs"];
}

/** The scope that fits a method; `global` for one that is not known. */
export function ownScope(method: string): PruneScope {
  return Object.hasOwn(methods, method) ? methods[method as AdapterMethod].pruneScope : "global";
}

/** Prunes trained adapters in every form of a selection and tests each with its own head. */
export async function pruneSingles(
  study: Study,
  singles: readonly TrainRow[],
  selection: PruneSelection = {},
  options: RunOptions = {},
): Promise<PruneResult[]> {
  const { sparsities = study.settings.pruneSparsities, scopes, weights = ["raw"], inputs: given } = selection;
  const { criterion: chosen } = selection;
  const criterion = typeof chosen === "function" ? cellFunction(chosen, given, "criterion") : chosen;
  const own = criterion && { criterion };
  const tests = singles.flatMap((single) =>
    (scopes ?? [ownScope(single.method)]).flatMap((scope) =>
      weights.flatMap((view) =>
        sparsities.map((sparsity) => ({ own: single, form: { sparsity, scope, weights: view, ...own } })),
      ),
    ),
  );
  const inputs = tests.map(({ own, form }) => ({ domain: own.domain, adapter: own.adapter, form }));
  const rows = await pruneUnit.rows(study, inputs, options);
  return tests.map(({ own, form }, i) => {
    const row = rows[i];
    const { domain, method, seed, accuracy: single } = own;
    const result: PruneResult = {
      ...{ domain, method, seed, ...form, single },
      ...{ accuracy: row.accuracy, pruned: row.pruned, inScope: row.inScope },
      ...{ keptByPart: row.keptByPart, mask: row.mask },
      ...pairedLoss(unpackBits(own.correct, own.testRows), unpackBits(row.correct, own.testRows)),
    };
    return madeFrom(result, own, row);
  });
}

/** Mean of before − after over the same examples, in points, with its standard error. */
export function pairedLoss(before: readonly boolean[], after: readonly boolean[]): { loss: number; lossError: number } {
  const differences = before.map((right, i) => 100 * (Number(right) - Number(after[i])));
  const loss = mean(differences);
  const variance = differences.reduce((sum, one) => sum + (one - loss) ** 2, 0) / Math.max(1, differences.length - 1);
  return { loss, lossError: Math.sqrt(variance / differences.length) };
}

/** Claim P1: the mean paired loss of raw weights pruned to 90%, in points, over the targets that count. */
export function lossAt90(results: readonly PruneResult[], targets: readonly string[]): ClaimEffect {
  const rows = results
    .filter(({ sparsity, weights }) => sparsity === 0.9 && weights === "raw")
    .map((row) => ({ ...row, target: row.domain, members: [row.domain] }));
  return claimMean(rows, ({ loss }) => loss, targets);
}

/** The mean paired loss at a sparsity, in points; every method counts the same. The interval is over domains. */
export function meanLoss(results: readonly PruneResult[], sparsity: number): Effect {
  return overDomains(atSparsity(results, sparsity), (rows) => byMethod(rows, ({ loss }) => loss));
}

/**
 * The share of what adapters gained over the same head on the frozen encoder that is kept at a sparsity: the sum of what
 * is kept over the sum of what was gained, so that adapters that gained nothing weigh nothing. NaN where nothing was gained
 * in all.
 */
export function gainKept(results: readonly PruneResult[], baselines: readonly BaselineRow[], sparsity: number): Effect {
  const probe = new Map(baselines.map((row) => [`${row.domain}/${row.seed}`, row.frozenProbe]));
  const floor = ({ domain, seed }: PruneResult) => {
    const found = probe.get(`${domain}/${seed}`);
    if (found === undefined) throw new Error(`The frozen probe of ${domain}, seed ${seed}, was not measured.`);
    return found;
  };
  return overDomains(atSparsity(results, sparsity), (rows) => {
    const total = (value: (row: PruneResult) => number) => rows.reduce((sum, row) => sum + value(row) - floor(row), 0);
    const gained = total(({ single }) => single);
    return gained > 0 ? total(({ accuracy }) => accuracy) / gained : Number.NaN;
  });
}

/**
 * The largest sparsity up to which, at it and at every smaller one tested, the upper end of the interval of the mean
 * paired loss is at most `bound` points; 0 where not even the smallest is.
 */
export function largestSafeSparsity(results: readonly PruneResult[], bound = 1): number {
  const sparsities = [...new Set(results.map(({ sparsity }) => sparsity))].sort((a, b) => a - b);
  const firstUnsafe = sparsities.findIndex((sparsity) => !(meanLoss(results, sparsity).high <= bound));
  const safe = firstUnsafe < 0 ? sparsities : sparsities.slice(0, firstUnsafe);
  return safe.length === 0 ? 0 : safe[safe.length - 1];
}

function atSparsity(results: readonly PruneResult[], sparsity: number): PruneResult[] {
  const rows = results.filter((row) => row.sparsity === sparsity);
  if (rows.length === 0) throw new Error(`No adapter was pruned to a sparsity of ${sparsity}.`);
  return rows;
}

function overDomains(rows: readonly PruneResult[], statistic: (rows: readonly PruneResult[]) => number): Effect {
  const domains = [...new Set(rows.map(({ domain }) => domain))];
  return jackknife(domains, (without) => statistic(rows.filter(({ domain }) => domain !== without)));
}

function byMethod(rows: readonly PruneResult[], value: (row: PruneResult) => number): number {
  const methods = [...new Set(rows.map(({ method }) => method))];
  return mean(methods.map((method) => mean(rows.filter((row) => row.method === method).map(value))));
}
