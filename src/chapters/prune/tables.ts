import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mean } from "simple-statistics";
import { adapterHash } from "../../adapters/adapter.js";
import { formatEffect, formatPercent, formatShare } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { methodName } from "../../figures/method-name.js";
import { writeSafetensors } from "../../files/safetensors.js";
import { type PruneOptions, pruneAdapter } from "../../pruning/prune.js";
import { loadSparseAdapter, saveSparseAdapter } from "../../pruning/sparse-file.js";
import { madeFrom } from "../../results/origin.js";
import { scaleEffect } from "../../statistics/effect.js";
import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { Study } from "../../study/study.js";
import type { BaselineRow } from "../train/baseline-unit.js";
import type { TrainRow } from "../train/train-unit.js";
import { gainKept, largestSafeSparsity, meanLoss, ownScope, type PruneResult } from "./pruning-curves.js";

/** What a sparsity takes from each part of an adapter, by scope: exact counts, and the shares kept, in percent. */
export function keptTable(
  study: Study,
  singles: readonly TrainRow[],
  options: Pick<PruneOptions, "sparsity" | "weights">,
): Cells[] {
  return madeFrom(
    singles.flatMap(({ method, domain, adapter }) =>
      (["global", "layer", "tensor"] as const).map((scope) => {
        const { kept, pruned, inScope } = pruneAdapter(trainedAdapter(study, adapter).adapter, { ...options, scope });
        const parts = Object.entries(kept.byPart).map(
          ([part, share]) => `${part.replace(/\.weight$/, "")} ${formatPercent(share, 1)}`,
        );
        return {
          method: methodName(method),
          domain,
          scope: scope === ownScope(method) ? `${scope} (default)` : scope,
          pruned,
          "in scope": inScope,
          "kept of each part": parts.join(", "),
        };
      }),
    ),
    singles,
  );
}

/**
 * By method and by what is pruned: the largest sparsity that is safe (loss bounded by one point, at it and below), and at
 * one sparsity the loss and the share of the gain that is kept, with intervals over domains.
 */
export function pruningTable(
  results: readonly PruneResult[],
  baselines: readonly BaselineRow[],
  sparsity: number,
): Cells[] {
  const percent = formatShare(sparsity);
  const groups = [...new Set(results.map(({ method, weights }) => `${method}/${weights}`))];
  return madeFrom(
    groups.map((group) => {
      const rows = results.filter(({ method, weights }) => `${method}/${weights}` === group);
      const at = rows.filter((row) => row.sparsity === sparsity);
      const bounded = at.filter(({ loss, lossError }) => loss + 1.96 * lossError <= 1).length;
      const kept = gainKept(rows, baselines, sparsity);
      return {
        method: methodName(rows[0].method),
        "pruned are": rows[0].weights === "raw" ? "weights" : "changes",
        "largest safe sparsity": formatShare(largestSafeSparsity(rows)),
        [`loss at ${percent} (points, 95%)`]: formatEffect(meanLoss(rows, sparsity)),
        "adapters bounded by a point": `${bounded} of ${at.length}`,
        "gain kept (%, 95%)": formatEffect(scaleEffect(kept, 100), 0),
      };
    }),
    results,
    baselines,
  );
}

/**
 * Saves pruned adapters as sparse files in a folder that is then removed: their size beside that of the dense file, and
 * whether they loaded back equal, bit for bit. Averaged over the adapters of a method.
 */
export function sparseFileTable(
  study: Study,
  singles: readonly TrainRow[],
  sparsities: readonly number[] = study.settings.mixSparsities,
): Cells[] {
  const folder = mkdtempSync(join(tmpdir(), "signmix-sparse-"));
  try {
    const rows = [...new Set(singles.map(({ method }) => method))].flatMap((method) =>
      sparsities.map((sparsity) => {
        const files = singles
          .filter((row) => row.method === method)
          .map(({ adapter }) => saveBoth(folder, trainedAdapter(study, adapter).adapter, sparsity));
        const dense = mean(files.map((file) => file.dense));
        const sparse = mean(files.map((file) => file.sparse));
        return {
          method: methodName(method),
          sparsity: formatShare(sparsity),
          adapters: files.length,
          "dense file (kB)": dense / 1000,
          "sparse file (kB)": sparse / 1000,
          "of the dense file (%)": (100 * sparse) / dense,
          "load back equal": `${files.filter(({ equal }) => equal).length} of ${files.length}`,
        };
      }),
    );
    return madeFrom(rows, singles);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function saveBoth(folder: string, dense: Parameters<typeof pruneAdapter>[0], sparsity: number) {
  const { adapter } = pruneAdapter(dense, { sparsity });
  const [denseFile, sparseFile] = [join(folder, "dense.safetensors"), join(folder, "sparse.safetensors")];
  writeSafetensors(denseFile, adapter.tensors);
  saveSparseAdapter(sparseFile, adapter);
  return {
    dense: statSync(denseFile).size,
    sparse: statSync(sparseFile).size,
    equal: adapterHash(loadSparseAdapter(sparseFile)) === adapterHash(adapter),
  };
}

/** Pruned adapters one by one: accuracies in percent, losses in points. */
export function pruneTable(results: readonly PruneResult[]): Cells[] {
  return madeFrom(
    results.map(({ method, domain, sparsity, pruned, inScope, single, accuracy, loss, lossError }) => ({
      method: methodName(method),
      domain,
      sparsity: formatShare(sparsity),
      pruned: `${pruned} of ${inScope}`,
      "not pruned (%)": 100 * single,
      "pruned (%)": 100 * accuracy,
      "loss (points)": loss,
      "± standard error": lossError,
    })),
    results,
  );
}
