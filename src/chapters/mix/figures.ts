import { mean, quantile } from "simple-statistics";
import { barFigure } from "../../figures/bar.js";
import { boxFigure } from "../../figures/distribution.js";
import { type Figure, type MethodLevel, withSubtitle } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import { methodName } from "../../figures/method-name.js";
import { panelsOf } from "../../figures/panels.js";
import { madeFrom } from "../../results/origin.js";
import { summariseBySize } from "./by-size.js";
import type { MixtureResult } from "./mixtures.js";

/**
 * In-domain accuracy against the number of adapters mixed, one panel a method, with levels and, where adapters share a start,
 * the dilution control.
 */
export function accuracyBySizeFigure(
  results: readonly MixtureResult[],
  options: { levels?: readonly MethodLevel[] } = {},
): Figure {
  const title = "In-domain accuracy against the number of adapters mixed";
  const methods = [...new Set(results.map(({ method }) => method))];
  const panels = methods.map((method) => {
    const bySize = summariseBySize(results.filter((row) => row.method === method));
    const x = bySize.map(({ size }) => size);
    const mixture = {
      name: "mixture (mean; band: worst to best)",
      x,
      y: bySize.map(({ accuracy }) => accuracy),
      low: bySize.map(({ worst }) => worst),
      high: bySize.map(({ best }) => best),
    };
    const diluted = { name: "own adapter, diluted by 1/k", x, y: bySize.map((size) => size.diluted) };
    const split = bySize.some((row) => row.size > 1 && Number.isFinite(row.diluted));
    const figure = lineFigure(split ? [mixture, diluted] : [mixture], {
      title,
      x: "adapters mixed (k)",
      y: "accuracy on the test examples (%)",
      percent: "y",
      levels: (options.levels ?? []).filter((level) => level.method === method),
    });
    return { title: methodName(method), figure };
  });
  return madeFrom(panelsOf(panels, title), results, options.levels);
}

/**
 * Mean drop of mixtures of two and more by target domain, the dearest domain first, with the middle eight tenths of the
 * mixtures; split into dilution and interference where the members of all of them share a start; one panel a method.
 */
export function dropByDomainFigure(results: readonly MixtureResult[]): Figure {
  const title = "What mixing costs each domain";
  const mixed = results.filter(({ size }) => size > 1);
  const methods = [...new Set(mixed.map(({ method }) => method))];
  const split = mixed.every(({ diluted }) => Number.isFinite(diluted));
  const shown = split ? (["dilution", "interference"] as const) : (["drop"] as const);
  const categories = byMeanDrop(mixed);
  const panels = methods.map((method) => {
    const rows = mixed.filter((row) => row.method === method);
    const here = categories.filter((target) => rows.some((row) => row.target === target));
    const parts = shown.map((part) => {
      const of = (value: (losses: number[]) => number) =>
        here.map((target) => value(rows.filter((row) => row.target === target).map((row) => row[part])));
      return {
        ...{ name: part, categories: here, values: of(mean) },
        ...{ low: of((losses) => quantile(losses, 0.1)), high: of((losses) => quantile(losses, 0.9)) },
      };
    });
    const figure = barFigure(parts, { title, x: "domain", y: "points lost" });
    return { title: methodName(method), figure };
  });
  const subtitle =
    "mixtures of two and more; whiskers: their middle eight tenths; domains by what they lose over all methods";
  return madeFrom(withSubtitle(panelsOf(panels, title, 1), subtitle), results);
}

/** Target domains by what they lose on average over all rows, the most first. */
function byMeanDrop(rows: readonly MixtureResult[]): string[] {
  const targets = [...new Set(rows.map(({ target }) => target))];
  const loss = new Map(
    targets.map((target) => [target, mean(rows.filter((row) => row.target === target).map(({ drop }) => drop))]),
  );
  return targets.sort((a, b) => loss.get(b)! - loss.get(a)!);
}

/** The distribution of the drop over mixtures, by the number of adapters mixed and method. */
export function dropDistributionFigure(results: readonly MixtureResult[]): Figure {
  const mixed = results.filter(({ size }) => size > 1);
  const methods = [...new Set(mixed.map(({ method }) => method))];
  const groups = methods.map((method) => {
    const rows = mixed.filter((row) => row.method === method);
    return { name: methodName(method), values: rows.map(({ drop }) => drop), categories: rows.map(({ size }) => size) };
  });
  return madeFrom(
    boxFigure(groups, {
      title: "Distribution of the drop over mixtures and their domains",
      subtitle: "boxes: quartiles; whiskers: 1.5 interquartile ranges",
      x: "adapters mixed (k)",
      y: "drop (points of accuracy)",
    }),
    results,
  );
}
