import { mean } from "simple-statistics";
import { barFigure } from "../../figures/bar.js";
import { boxFigure } from "../../figures/distribution.js";
import type { Figure, Level } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import { methodName } from "../../figures/method-name.js";
import { panelsOf } from "../../figures/panels.js";
import { type PointGroup, scatterFigure } from "../../figures/scatter.js";
import type { Harm } from "../conflict/sign-association.js";
import type { MixtureResult } from "./mixtures.js";

/** Mixture results of one size. */
export interface SizeSummary {
  size: number;
  tests: number;
  /** Accuracies are shares of the test examples, averaged over the tests of the size. */
  accuracy: number;
  worst: number;
  best: number;
  diluted: number;
  /** In points, averaged. */
  drop: number;
  dilution: number;
  interference: number;
}

/** Averages mixture results by the number of adapters mixed. */
export function summariseBySize(results: readonly MixtureResult[]): SizeSummary[] {
  const sizes = [...new Set(results.map(({ size }) => size))].sort((a, b) => a - b);
  return sizes.map((size) => {
    const rows = results.filter((row) => row.size === size);
    const average = (value: (row: MixtureResult) => number) => mean(rows.map(value));
    const accuracies = rows.map(({ accuracy }) => accuracy);
    return {
      size,
      tests: rows.length,
      accuracy: average((row) => row.accuracy),
      worst: Math.min(...accuracies),
      best: Math.max(...accuracies),
      diluted: average((row) => row.diluted),
      drop: average((row) => row.drop),
      dilution: average((row) => row.dilution),
      interference: average((row) => row.interference),
    };
  });
}

/** A floor or ceiling of one method's mixtures. */
export interface MethodLevel extends Level {
  method: string;
}

/** In-domain accuracy against the number of adapters mixed, one panel a method, with the dilution control and levels. */
export function accuracyBySizeFigure(
  results: readonly MixtureResult[],
  options: { subtitle: string; levels?: readonly MethodLevel[] },
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
    const figure = lineFigure([mixture, diluted], {
      title,
      subtitle: options.subtitle,
      x: "adapters mixed (k)",
      y: "accuracy on the test examples (%)",
      percent: "y",
      levels: (options.levels ?? []).filter((level) => level.method === method),
    });
    return { title: methodName(method), figure };
  });
  return panelsOf(panels, title, options.subtitle);
}

/** Mean drop of mixtures of two and more by target domain, split into dilution and interference; one panel a method. */
export function dropByDomainFigure(results: readonly MixtureResult[], options: { subtitle: string }): Figure {
  const title = "What mixing costs each domain";
  const mixed = results.filter(({ size }) => size > 1);
  const methods = [...new Set(mixed.map(({ method }) => method))];
  const panels = methods.map((method) => {
    const rows = mixed.filter((row) => row.method === method);
    const categories = [...new Set(rows.map(({ target }) => target))];
    const parts = (["dilution", "interference"] as const).map((part) => ({
      name: part,
      categories,
      values: categories.map((target) => mean(rows.filter((row) => row.target === target).map((row) => row[part]))),
    }));
    const figure = barFigure(parts, { title, subtitle: options.subtitle, x: "domain", y: "points lost" });
    return { title: methodName(method), figure };
  });
  return panelsOf(panels, title, options.subtitle, 1);
}

/** The distribution of the drop over mixtures, by the number of adapters mixed and method. */
export function dropDistributionFigure(results: readonly MixtureResult[], options: { subtitle: string }): Figure {
  const mixed = results.filter(({ size }) => size > 1);
  const methods = [...new Set(mixed.map(({ method }) => method))];
  const groups = methods.map((method) => {
    const rows = mixed.filter((row) => row.method === method);
    return { name: methodName(method), values: rows.map(({ drop }) => drop), categories: rows.map(({ size }) => size) };
  });
  return boxFigure(groups, {
    title: "Distribution of the drop over mixtures and their domains",
    subtitle: `${options.subtitle}; boxes: quartiles; whiskers: 1.5 interquartile ranges`,
    x: "adapters mixed (k)",
    y: "drop (points of accuracy)",
  });
}

/** A mixture result with the sign difference of its members as seen from the target. */
export interface HarmRow extends MixtureResult {
  fsd: number;
}

/** Change of accuracy against the fraction of sign difference: one colour a number of adapters, one panel a method. */
export function harmByFsdFigure(
  rows: readonly HarmRow[],
  options: { subtitle: string; harm?: Harm; attacked?: boolean },
): Figure {
  const { harm = "drop", attacked = false, subtitle } = options;
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
      subtitle,
      x:
        methods.length > 1
          ? "sign difference with the target (%)"
          : "fraction of sign difference with the target's adapter (%)",
      y: "change of accuracy (points)",
      percent: "x",
    });
    return { title: methodName(method), figure };
  });
  return panelsOf(panels, title, subtitle);
}
