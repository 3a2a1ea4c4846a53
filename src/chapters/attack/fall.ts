import { mean } from "simple-statistics";
import type { Effect } from "../../statistics/effect.js";
import { jackknife } from "../../statistics/jackknife.js";
import { overTargets } from "../../statistics/over-targets.js";
import type { AttackedMixture } from "./attacked-mixtures.js";

/** What mixing costs on clean text, in points: own adapter minus mixture, on the attacked examples. */
export const cleanDrop = ({ cleanSingle, clean }: AttackedMixture): number => 100 * (cleanSingle - clean);

/** The largest number of adapters mixed. */
export function largestSize(rows: readonly AttackedMixture[]): number {
  return rows.reduce((most, { size }) => Math.max(most, size), 0);
}

/**
 * How much less mixing costs on attacked text than on clean text, in points: drop clean minus drop attacked at the largest
 * number mixed, where the paper's Table 1 stands (its claim F2: alike). The interval is over targets.
 *
 * @param rows mixtures under one attack: TextFooler, or FGSM at one strength and access
 */
export function fallDifference(rows: readonly AttackedMixture[]): Effect {
  const size = largestSize(rows);
  return overTargets(
    rows.filter((row) => row.size === size),
    (row) => cleanDrop(row) - row.drop,
  );
}

/**
 * Whether accuracy varies more from mixture to mixture on attacked text than on clean (the paper's claim F3): the logarithm
 * of the ratio of the spreads over mixtures of one target, number mixed, method and seed, ½ ln(Σ var attacked / Σ var clean).
 * Sizes of which a target has one mixture alone say nothing. The interval is over targets.
 *
 * @param rows mixtures under one attack, as for {@link fallDifference}
 * @throws if no target has two mixtures of a size, or none differ on clean text
 */
export function spreadRatio(rows: readonly AttackedMixture[]): Effect {
  const groups = new Map<string, AttackedMixture[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.target, row.size, row.method, row.seed]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const several = [...groups.values()].filter((group) => group.length > 1);
  const targets = [...new Set(several.map(([{ target }]) => target))];
  const squares = (group: readonly AttackedMixture[], pick: (row: AttackedMixture) => number) => {
    const values = group.map(pick);
    const centre = mean(values);
    return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  };
  const total = (without: string | undefined, pick: (row: AttackedMixture) => number) =>
    several.reduce((sum, group) => (group[0].target === without ? sum : sum + squares(group, pick)), 0);
  if (!(total(undefined, ({ clean }) => clean) > 0)) {
    throw new Error("The spread on clean text is not known: it takes two mixtures of one target and size that differ.");
  }
  return jackknife(
    targets,
    (without) => Math.log(total(without, ({ accuracy }) => accuracy) / total(without, ({ clean }) => clean)) / 2,
  );
}
