import { agnes } from "ml-hclust";
import { mean } from "simple-statistics";
import { placeOf } from "../../adapters/adapter.js";
import type { Figure } from "../../figures/figure.js";
import { heatmapFigure } from "../../figures/heatmap.js";
import { lineFigure } from "../../figures/line.js";
import { methodName } from "../../figures/method-name.js";
import type { SignDifferenceOptions } from "../../signs/sign-difference.js";
import type { Study } from "../../study/study.js";
import { groupSingles, pairwiseFsd, pairwiseSigns } from "../mix/mixtures.js";
import type { TrainRow } from "../train/train-unit.js";

/**
 * FSD of every pair of adapters of one method and seed. Domains stand in the order of a clustering (average linkage), so
 * that those of like signs are neighbours.
 */
export function fsdHeatmap(
  study: Study,
  singles: readonly TrainRow[],
  options: SignDifferenceOptions & { subtitle: string },
): Figure {
  const [group, ...others] = groupSingles(singles);
  if (!group || others.length > 0) throw new Error("A heatmap shows the adapters of one method and one seed.");
  const matrix = pairwiseFsd(study, group.rows, options);
  const order = agnes(matrix, { method: "average", isDistanceMatrix: true }).indices();
  const names = order.map((i) => group.rows[i].domain);
  const values = order.map((i) => order.map((j) => (i === j ? Number.NaN : 100 * matrix[i][j])));
  const shown = values.flat().filter(Number.isFinite);
  const narrow = Math.max(...shown) - Math.min(...shown) < 10; // whole percents would look equal
  return heatmapFigure(
    { rows: names, columns: names, values },
    {
      title: `Sign difference between ${methodName(group.method)} adapters`,
      subtitle: options.subtitle,
      x: "adapter of domain",
      y: "adapter of domain",
      unit: "FSD (%)",
      digits: narrow ? 1 : 0,
    },
  );
}

/** FSD averaged over all pairs of domains, by layer, one line for each matrix of the adapter; given one method and seed. */
export function fsdByLayerFigure(
  study: Study,
  singles: readonly TrainRow[],
  options: SignDifferenceOptions & { subtitle: string },
): Figure {
  const [group, ...others] = groupSingles(singles);
  if (!group || others.length > 0) throw new Error("The figure shows the adapters of one method and one seed.");
  const differences = pairwiseSigns(study, group.rows, options).map(({ difference }) => difference.byTensor);
  const values = new Map<string, { layer: number; fsd: number }[]>();
  for (const name of Object.keys(differences[0])) {
    const { layer, module, part } = placeOf(name);
    const series = `${module === "feedForward" ? "feed-forward" : module} ${part.replace(/\.weight$/, "")}`;
    const fsd = mean(differences.map((byTensor) => byTensor[name]));
    values.set(series, [...(values.get(series) ?? []), { layer: layer + 1, fsd }]);
  }
  const lines = [...values].map(([name, points]) => {
    const sorted = [...points].sort((a, b) => a.layer - b.layer);
    return { name, x: sorted.map(({ layer }) => layer), y: sorted.map(({ fsd }) => fsd) };
  });
  return lineFigure(lines, {
    title: `Where ${methodName(group.method)} adapters differ in sign`,
    subtitle: `${options.subtitle}; mean over all pairs of domains`,
    x: "layer of the encoder",
    y: "fraction of sign difference (%)",
    percent: "y",
  });
}
