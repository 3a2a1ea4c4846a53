import { mean } from "simple-statistics";
import { formatShare } from "../../display/number-format.js";
import type { Figure, MethodLevel } from "../../figures/figure.js";
import { heatmapFigure } from "../../figures/heatmap.js";
import { lineFigure } from "../../figures/line.js";
import { methodName } from "../../figures/method-name.js";
import { panelsOf } from "../../figures/panels.js";
import { madeFrom } from "../../results/origin.js";
import { meanLoss, type PruneResult } from "./pruning-curves.js";

const WEIGHTS = { raw: "weights pruned to zero", change: "change pruned, back to the start" } as const;

/** Mean accuracy against sparsity, raw and by change, one panel a method, with floors; the unpruned adapter stands at 0. */
export function pruningFigure(
  results: readonly PruneResult[],
  options: { levels?: readonly MethodLevel[] } = {},
): Figure {
  const title = "Accuracy of pruned adapters, averaged over domains";
  const methods = [...new Set(results.map(({ method }) => method))];
  const panels = methods.map((method) => {
    const own = results.filter((row) => row.method === method);
    const views = [...new Set(own.map(({ weights }) => weights))];
    const series = views.map((view) => {
      const rows = own.filter(({ weights }) => weights === view);
      const sparsities = sorted(rows.map(({ sparsity }) => sparsity));
      const at = (sparsity: number) => rows.filter((row) => row.sparsity === sparsity);
      return {
        name: WEIGHTS[view],
        x: [0, ...sparsities],
        y: [
          mean(rows.map(({ single }) => single)),
          ...sparsities.map((sparsity) => mean(at(sparsity).map(({ accuracy }) => accuracy))),
        ],
      };
    });
    const figure = lineFigure(series, {
      title,
      x: "share of weights pruned (%)",
      y: "accuracy on the test examples (%)",
      percent: "both",
      levels: (options.levels ?? []).filter((level) => level.method === method),
    });
    return { title: methodName(method), figure };
  });
  return madeFrom(panelsOf(panels, title), results, options.levels);
}

/** Accuracy lost by pruning: one row a domain, one column a method and sparsity; averaged over seeds. */
export function pruningHeatmap(results: readonly PruneResult[]): Figure {
  const domains = [...new Set(results.map(({ domain }) => domain))];
  const methods = [...new Set(results.map(({ method }) => method))];
  const columns = methods.flatMap((method) =>
    sorted(results.map(({ sparsity }) => sparsity)).map((sparsity) => ({ method, sparsity })),
  );
  const values = domains.map((domain) =>
    columns.map(({ method, sparsity }) => {
      const rows = results.filter((row) => row.domain === domain && row.method === method && row.sparsity === sparsity);
      return rows.length === 0 ? Number.NaN : mean(rows.map(({ loss }) => loss));
    }),
  );
  const names = columns.map(({ method, sparsity }) => `${methodName(method)} ${formatShare(sparsity)}`);
  return madeFrom(
    heatmapFigure(
      { rows: domains, columns: names, values },
      {
        title: "Accuracy lost by pruning, domain by domain",
        subtitle: viewsOf(results),
        x: "method and share of weights pruned",
        y: "domain",
        unit: "loss (points)",
        scale: "diverging",
        digits: 1,
        width: 900,
      },
    ),
    results,
  );
}

/** Mean loss against sparsity by the scope of pruning. */
export function scopeFigure(results: readonly PruneResult[]): Figure {
  const scopes = [...new Set(results.map(({ scope }) => scope))];
  const series = scopes.map((scope) => {
    const rows = results.filter((row) => row.scope === scope);
    const sparsities = sorted(rows.map(({ sparsity }) => sparsity));
    const effects = sparsities.map((sparsity) => meanLoss(rows, sparsity));
    return {
      name: `pruned within: ${scope === "global" ? "the whole adapter" : `each ${scope}`}`,
      x: sparsities,
      y: effects.map(({ effect }) => effect),
    };
  });
  return madeFrom(
    lineFigure(series, {
      title: "Loss by the scope of pruning",
      subtitle: [...new Set(results.map(({ domain }) => domain))].join(", "),
      x: "share of weights pruned (%)",
      y: "accuracy lost (points)",
      percent: "x",
    }),
    results,
  );
}

/** What was pruned, weights or their change. */
function viewsOf(results: readonly PruneResult[]): string {
  return [...new Set(results.map(({ weights }) => WEIGHTS[weights]))].join(", ");
}

function sorted(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
