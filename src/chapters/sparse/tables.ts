import { formatEffect, formatShare } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { methodName } from "../../figures/method-name.js";
import { madeFrom } from "../../results/origin.js";
import { overTargets } from "../../statistics/over-targets.js";
import type { LayerSparseResult } from "./layer-sparse.js";
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

/** Algorithm 4 by sparsity and layers pruned: beside the best dense mixture and the same adapters dense, in points. */
export function layerSparseTable(results: readonly LayerSparseResult[]): Cells[] {
  const forms = [...new Set(results.map(({ sparsity, layers }) => JSON.stringify([sparsity, layers])))];
  return madeFrom(
    forms.map((form) => {
      const own = results.filter((row) => JSON.stringify([row.sparsity, row.layers]) === form && row.size > 1);
      const beside = (value: (row: LayerSparseResult) => number) =>
        formatEffect(overTargets(own, (row) => 100 * (row.accuracy - value(row))));
      const [{ sparsity, layers, ofLayers }] = own;
      return {
        sparsity: formatShare(sparsity),
        "layers pruned": `${layers} of ${ofLayers}`,
        "− best dense, cross-fitted [95%]": beside(({ denseBest }) => denseBest),
        "− best dense on test [95%]": beside(({ denseMax }) => denseMax),
        "− the same adapters dense [95%]": beside(({ dense }) => dense),
      };
    }),
    results,
  );
}

/**
 * The sparse mixture minus each control of the same adapters, in points, with intervals over targets; a note where there is
 * no mixture, as of changes from starts that are not shared.
 */
export function controlsTable(results: readonly SparseResult[]): Cells[] {
  if (results.length === 0) {
    return [{ note: "No adapters of these sizes share a start, so the change of their mixtures is not defined." }];
  }
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
