import { formatEffect, formatShare } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { methodName } from "../../figures/method-name.js";
import { madeFrom } from "../../results/origin.js";
import { sparseNames } from "./names.js";
import type { PrunedSigns } from "./pruned-signs.js";
import {
  type BestSparse,
  besideControl,
  besideDense,
  type SparseResult,
  sparseBesideBestDense,
  sparseKinds,
} from "./sparse-mixtures.js";

/** FSD before and after pruning under the three conventions for zeros, averaged over pairs, in percent; one row a form. */
export function prunedSignsTable(rows: readonly PrunedSigns[]): Cells[] {
  return madeFrom(
    rows.map(({ method, sparsity, criterion, fsd, bothNonZero }) => ({
      method: methodName(method),
      pruned:
        sparsity === 0
          ? "not at all"
          : `${formatShare(sparsity)}, ${criterion === "random" ? "at random" : "by magnitude"}`,
      "zeros never conflict (%)": 100 * fsd.never,
      "zero is a third sign (%)": 100 * fsd.ownSign,
      "only where both are non-zero (%)": 100 * fsd.bothNonZero,
      "both non-zero (% of weights)": 100 * bothNonZero,
    })),
    rows,
  );
}

/** Sparse against dense at equal size, by sparsity, in points with intervals over targets. */
export function bestSparseTable(rows: readonly BestSparse[], results: readonly SparseResult[]): Cells[] {
  return madeFrom(
    [...new Set(rows.map(({ sparsity }) => sparsity))].map((sparsity) => {
      const own = rows.filter((row) => row.sparsity === sparsity);
      const same = results.filter((row) => row.sparsity === sparsity);
      return {
        sparsity: formatShare(sparsity),
        "mixtures tested": same.length,
        "best sparse − best dense [95%]": formatEffect(sparseBesideBestDense(own)),
        "sparse − the same dense [95%]": formatEffect(besideDense(same, "sparse")),
      };
    }),
    rows,
    results,
  );
}

/** The sparse mixture minus each control of the same adapters, in points, with intervals over targets. */
export function controlsTable(results: readonly SparseResult[]): Cells[] {
  const sparsities = [...new Set(results.map(({ sparsity }) => sparsity))];
  const kinds = sparseKinds.filter((kind) => results.some((row) => row.kind === kind));
  return madeFrom(
    sparsities.flatMap((sparsity) => {
      const own = results.filter((row) => row.sparsity === sparsity);
      return kinds.map((kind) => ({
        sparsity: formatShare(sparsity),
        mixture: sparseNames[kind],
        "beside the dense average [95%]": formatEffect(besideDense(own, kind)),
        "pruned by magnitude minus this [95%]": kind === "sparse" ? "" : formatEffect(besideControl(own, kind)),
      }));
    }),
    results,
  );
}
