import { agnes } from "ml-hclust";
import { placeOf } from "../../adapters/place.js";
import type { Figure } from "../../figures/figure.js";
import { heatmapFigure } from "../../figures/heatmap.js";
import { lineFigure } from "../../figures/line.js";
import { methodName } from "../../figures/method-name.js";
import { panelsOf } from "../../figures/panels.js";
import { type PointGroup, scatterFigure } from "../../figures/scatter.js";
import { madeFrom } from "../../results/origin.js";
import type { SignDifferenceOptions } from "../../signs/sign-difference.js";
import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { Study } from "../../study/study.js";
import { groupSingles } from "../train/groups.js";
import type { TrainRow } from "../train/train-unit.js";
import type { HarmRow } from "./harm.js";
import { pairwiseFsd } from "./pairwise.js";
import type { Harm } from "./sign-association.js";
import { fsdByTensor, tensorSignsUnit } from "./tensor-signs-unit.js";

/**
 * FSD of every pair of adapters of one method and seed. Domains stand in the order of a clustering (average linkage), so
 * that those of like signs are neighbours.
 */
export function fsdHeatmap(study: Study, singles: readonly TrainRow[], options: SignDifferenceOptions = {}): Figure {
  const [group, ...others] = groupSingles(singles);
  if (!group || others.length > 0) throw new Error("A heatmap shows the adapters of one method and one seed.");
  const matrix = pairwiseFsd(study, group.rows, options);
  const order = agnes(matrix, { method: "average", isDistanceMatrix: true }).indices();
  const names = order.map((i) => group.rows[i].domain);
  const values = order.map((i) => order.map((j) => (i === j ? Number.NaN : 100 * matrix[i][j])));
  const shown = values.flat().filter(Number.isFinite);
  const narrow = Math.max(...shown) - Math.min(...shown) < 10; // whole percents would look equal
  return madeFrom(
    heatmapFigure(
      { rows: names, columns: names, values },
      {
        title: `Sign difference between ${methodName(group.method)} adapters`,
        subtitle: `signs of the ${options.weights === undefined || options.weights === "raw" ? "weights" : "change from the start"}`,
        x: "adapter of domain",
        y: "adapter of domain",
        unit: "FSD (%)",
        digits: narrow ? 1 : 0,
      },
    ),
    group.rows,
  );
}

/** FSD averaged over all pairs of domains, by layer, one line for each matrix of the adapter; given one method and seed. */
export function fsdByLayerFigure(
  study: Study,
  singles: readonly TrainRow[],
  options: SignDifferenceOptions = {},
): Figure {
  const [group, ...others] = groupSingles(singles);
  if (!group || others.length > 0) throw new Error("The figure shows the adapters of one method and one seed.");
  const byTensor = tensorSigns(study, group.rows, options);
  const values = new Map<string, { layer: number; fsd: number }[]>();
  for (const [name, fsd] of Object.entries(byTensor)) {
    const { layer, module, part } = placeOf(name);
    const series = `${module === "feedForward" ? "feed-forward" : module} ${part.replace(/\.weight$/, "")}`;
    values.set(series, [...(values.get(series) ?? []), { layer: layer + 1, fsd }]);
  }
  const lines = [...values].map(([name, points]) => {
    const sorted = [...points].sort((a, b) => a.layer - b.layer);
    return { name, x: sorted.map(({ layer }) => layer), y: sorted.map(({ fsd }) => fsd) };
  });
  return madeFrom(
    lineFigure(lines, {
      title: `Where ${methodName(group.method)} adapters differ in sign`,
      subtitle: "mean over all pairs of domains",
      x: "layer of the encoder",
      y: "fraction of sign difference (%)",
      percent: "y",
    }),
    group.rows,
  );
}

/** As it is stored, where the profile stores what is counted on signs, or else counted on the adapters. */
function tensorSigns(study: Study, rows: readonly TrainRow[], options: SignDifferenceOptions): Record<string, number> {
  const of = rows.map(({ adapter }) => adapter);
  const asStored = study.settings.storeSigns && Object.keys(options).length === 0;
  const stored = asStored ? tensorSignsUnit.stored(study, of) : undefined;
  if (stored) return stored.fsd;
  return fsdByTensor(
    of.map((hash) => trainedAdapter(study, hash).adapter),
    options,
  );
}

/** Change of accuracy against the fraction of sign difference: one colour a number of adapters, one panel a method. */
export function harmByFsdFigure(rows: readonly HarmRow[], options: { harm?: Harm; attacked?: boolean } = {}): Figure {
  const { harm = "drop", attacked = false } = options;
  const left = harm === "drop" ? "" : ", dilution taken out";
  const title = `Change of accuracy${attacked ? " on attacked text" : ""} against sign difference${left}`;
  const methods = [...new Set(rows.map(({ method }) => method))];
  const sizes = [...new Set(rows.map(({ size }) => size))].sort((a, b) => a - b);
  const panels = methods.map((method) => {
    const groups: PointGroup[] = sizes.map((size) => {
      const chosen = rows.filter((row) => row.size === size && row.method === method);
      return {
        name: `${size} adapters`,
        x: chosen.map(({ fsd }) => fsd),
        y: chosen.map((row) => -row[harm]),
        labels: chosen.map(({ target, members }) => `${members.join(" + ")}, tested on ${target}`),
      };
    });
    const figure = scatterFigure(groups, {
      title,
      x:
        methods.length > 1
          ? "sign difference with the target (%)"
          : "fraction of sign difference with the target's adapter (%)",
      y: "change of accuracy (points)",
      percent: "x",
    });
    return { title: methodName(method), figure };
  });
  return madeFrom(panelsOf(panels, title), rows);
}
