import { mean, median } from "simple-statistics";
import { formatEffect, formatFixed } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { barFigure } from "../../figures/bar.js";
import type { Figure } from "../../figures/figure.js";
import { methodName } from "../../figures/method-name.js";
import { panelsOf } from "../../figures/panels.js";
import { madeFrom } from "../../results/origin.js";
import { claimMean } from "../../study/claim-effects.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import { drawnMeans } from "./drawn-means.js";
import type { WayRow } from "./measure.js";
import { decideBeyond, inPoints, readPredictions } from "./predictions.js";
import { chosenOnDev, keyOf, sizesOf } from "./strength.js";
import { type Way, type WayName, ways } from "./ways.js";

/** One row a method and way: what it loses, what it needs, and what it costs to make and to run. */
export function wayTable(rows: readonly WayRow[], targets: readonly string[], { texts }: { texts: number }): Cells[] {
  const chosen = chosenOnDev(rows);
  const sizes = sizesOf(rows);
  const made = groupsOf(rows).map(({ method, way }) => {
    const own = chosen.filter((row) => row.method === method && row.way === way);
    const tried = new Set(rows.filter((row) => row.way === way).map(({ strength }) => strength)).size;
    const { label, needs, passes, tuned, make }: Way = ways[way];
    const losses = sizes.map((size) => {
      const effect = claimMean(
        own.filter((row) => row.size === size),
        ({ drop }) => drop,
        targets,
      );
      return [`lost at ${size} (points, 95%)`, "undecided" in effect ? "–" : formatEffect(effect)];
    });
    return {
      method: methodName(method),
      way: label,
      ...Object.fromEntries(losses),
      "strength (median)": tuned ? formatFixed(median(own.map(({ strength }) => strength))) : "–",
      needs: [needs === "texts" ? `${texts} texts of each` : "", tuned ? `dev, ${tried} times` : ""]
        .filter(Boolean)
        .join("; "),
      "passes to make, each adapter": passes * texts,
      "passes to answer": make ? "1" : "as many as adapters",
    };
  });
  return madeFrom(made, rows);
}

/** Accuracy lost by each way, one panel a method, bars by the number mixed, with intervals over domains. */
export function wayFigure(rows: readonly WayRow[]): Figure {
  const chosen = chosenOnDev(rows);
  const title = "Accuracy lost by each way to mix";
  const subtitle = `${sizesOf(rows).join(" or ")} adapters mixed; whiskers: 95% intervals over all domains`;
  const methods = [...new Set(rows.map(({ method }) => method))];
  const panels = methods.map((method) => {
    const names = groupsOf(rows.filter((row) => row.method === method)).map(({ way }) => way);
    const groups = sizesOf(rows).map((size) => {
      const here = chosen.filter((row) => row.method === method && row.size === size);
      const own = names.map((name) => here.filter(({ way }) => way === name));
      const means = drawnMeans(own, ({ drop }) => drop);
      return { name: `${size} adapters`, categories: names.map((way) => ways[way].label), ...means };
    });
    const figure = barFigure(groups, { title, subtitle, x: "", y: "accuracy lost (points)", width: 860 });
    return { title: methodName(method), figure };
  });
  return madeFrom(panelsOf(panels, title, 1, subtitle), rows);
}

/** The way, of those that make one adapter, with the highest dev accuracy over all mixtures of a method. */
export function bestWay(rows: readonly WayRow[], method: string): WayName {
  const chosen = chosenOnDev(rows.filter((row) => row.method === method));
  const names = groupsOf(chosen).map(({ way }) => way);
  const making = names.filter((way) => "make" in ways[way]);
  const dev = (way: WayName) => mean(chosen.filter((row) => row.way === way).map(({ devAccuracy }) => devAccuracy));
  return making.reduce((best, way) => (dev(way) > dev(best) ? way : best));
}

/** The numbers of the question on ways, in the order of its predictions, for the first method of the rows. */
export function wayEffects(rows: readonly WayRow[], targets: readonly string[]): ClaimEffect[] {
  const [{ method }] = rows;
  const best = bestWay(rows, method);
  const minus = (first: WayName, second: WayName) => gainOver(rows, method, targets, first, second);
  return [minus(best, "average"), minus("ensemble", best)].map((effect) => madeFrom(effect, rows));
}

/** By how many points one way of a method stands above another, in the same mixtures. */
export function gainOver(
  rows: readonly WayRow[],
  method: string,
  targets: readonly string[],
  first: WayName,
  second: WayName,
): ClaimEffect {
  const chosen = chosenOnDev(rows.filter((row) => row.method === method));
  const other = new Map(chosen.filter(({ way }) => way === second).map((row) => [keyOf(row), row]));
  const paired = chosen
    .filter(({ way }) => way === first)
    .map((row) => ({ ...row, gain: (other.get(keyOf(row)) as WayRow).drop - row.drop }));
  return claimMean(paired, ({ gain }) => gain, targets);
}

/** Which way is best, by how much, and where the ensemble stands. */
export function describeWays(rows: readonly WayRow[], targets: readonly string[]): string {
  const effects = wayEffects(rows, targets);
  const verdicts = readPredictions("ways").map((one, i) => decideBeyond(one, effects[i]));
  const [{ method }] = rows;
  const sentences = [...new Set(rows.map((row) => row.method))].slice(1).map((other) => {
    const best = bestWay(rows, other);
    const gain = gainOver(rows, other, targets, best, "average");
    return ` Of ${methodName(other)} adapters it chooses ${ways[best].label}, ${inPoints(gain)} above the plain average.`;
  });
  return (
    `Of the ways that make one ${methodName(method)} adapter dev chooses ${ways[bestWay(rows, method)].label}, which stands ` +
    `${inPoints(effects[0])} above the plain average (more than one point: ${verdicts[0]}). The ensemble of logits, which answers ` +
    `as often as there are adapters, stands ${inPoints(effects[1])} above it (above nought: ${verdicts[1]}).${sentences.join("")}`
  );
}

function groupsOf(rows: readonly WayRow[]): { method: string; way: WayName }[] {
  const keys = [...new Set(rows.map(({ method, way }) => `${method}/${way}`))];
  return keys.map((key) => {
    const [method, way] = key.split("/");
    return { method, way: way as WayName };
  });
}
