import { mean } from "simple-statistics";
import type { Effect } from "../../statistics/effect.js";
import { jackknife } from "../../statistics/jackknife.js";
import type { AttackedMixture } from "./attacked-mixtures.js";

/** What mixing costs on clean text, in points: own adapter minus mixture, on the attacked examples. */
export const cleanDrop = ({ cleanSingle, clean }: AttackedMixture): number => 100 * (cleanSingle - clean);

/** The largest number of adapters mixed. */
export function largestSize(rows: readonly AttackedMixture[]): number {
  return rows.reduce((most, { size }) => Math.max(most, size), 0);
}

/** Mixtures that can be told apart: of one attack, target, number mixed, method and seed, two or more. */
export function mixturesToCompare(rows: readonly AttackedMixture[]): AttackedMixture[][] {
  const groups = new Map<string, AttackedMixture[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.attack, row.target, row.size, row.method, row.seed]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/**
 * Whether accuracy varies more from mixture to mixture on attacked text than on clean (the paper's claim F3): the logarithm
 * of the ratio of the spreads over mixtures of one target, number mixed, method and seed, ½ ln(Σ var attacked / Σ var clean).
 * Sizes of which a target has one mixture alone say nothing. The interval is over targets.
 *
 * @param rows mixtures under TextFooler, under FGSM at one strength and access, or under both
 * @throws if no target has two mixtures of a size, or none differ on clean text
 */
export function spreadRatio(rows: readonly AttackedMixture[]): Effect {
  const several = mixturesToCompare(rows);
  const targets = [...new Set(several.map(([{ target }]) => target))];
  const total = (without: string | undefined, pick: (row: AttackedMixture) => number) =>
    several.reduce((sum, group) => (group[0].target === without ? sum : sum + varianceOf(group.map(pick))), 0);
  if (!(total(undefined, ({ clean }) => clean) > 0)) {
    throw new Error("The spread on clean text is not known: it takes two mixtures of one target and size that differ.");
  }
  return jackknife(
    targets,
    (without) => Math.log(total(without, ({ accuracy }) => accuracy) / total(without, ({ clean }) => clean)) / 2,
  );
}

function varianceOf(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
