import { mean } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import { madeFrom } from "../../results/origin.js";
import { leastSquares } from "../../statistics/network-regression.js";
import type { RandomisedRow } from "./randomised.js";

/** A part of what accuracies of randomised pairs vary by. Shares of the variance of the change of accuracy. */
export interface VariancePart {
  part: "target" | "same start" | "partner's distance" | "partner itself" | "FSD" | "not explained";
  /** What it explains beyond the targets; of the targets, what they explain themselves. */
  first: number;
  /** What it explains beyond all other parts. */
  last: number;
}

/** The parts that are compared, in the order of the table; targets come first, since a correlation is within them. */
const compared = ["same start", "partner's distance", "partner itself", "FSD"] as const;

/**
 * S1 taken apart: how much of the change of accuracy goes with the target, the same start, how far the partner moved, who the
 * partner is, and with FSD when all of these are known, by least squares. Seeds are averaged first.
 *
 * @param options.without domains left out as target and as partner, such as those whose texts the encoder has seen
 */
export function randomisedParts(
  rows: readonly RandomisedRow[],
  { without = [] }: { without?: readonly string[] } = {},
): VariancePart[] {
  const kept = rows.filter(({ target, partner }) => !without.includes(target) && !without.includes(partner));
  const cells = meansOverSeeds(kept);
  if (cells.length < 3) throw new Error("There are too few pairs to be taken apart.");
  const y = cells.map(({ change }) => change);
  const levels = (of: (row: RandomisedRow) => string) =>
    [...new Set(cells.map(of))].slice(1).map((level) => cells.map((row) => Number(of(row) === level)));
  const targets = [cells.map(() => 1), ...levels(({ target }) => target)];
  const columns: Record<(typeof compared)[number], number[][]> = {
    "same start": [cells.map(({ sameStart }) => Number(sameStart))],
    "partner's distance": [cells.map(({ partnerMoved }) => partnerMoved)],
    "partner itself": levels(({ partner }) => partner),
    FSD: [cells.map(({ fsd }) => fsd)],
  };
  const explained = (...parts: (typeof compared)[number][]) =>
    leastSquares(y, [...targets, ...parts.flatMap((part) => columns[part])]).rSquared;
  const [none, all] = [explained(), explained(...compared)];
  const withoutTargets = leastSquares(y, [targets[0], ...compared.flatMap((part) => columns[part])]).rSquared;
  const parts = [
    { part: "target" as const, first: none, last: all - withoutTargets },
    ...compared.map((part) => ({
      part,
      first: explained(part) - none,
      last: all - explained(...compared.filter((other) => other !== part)),
    })),
    { part: "not explained" as const, first: 1 - all, last: 1 - all },
  ];
  return parts.map((part) => madeFrom(part, kept));
}

/** Rows of one target, partner, start and length, averaged over seeds and methods. */
function meansOverSeeds(rows: readonly RandomisedRow[]): RandomisedRow[] {
  const cells = new Map<string, RandomisedRow[]>();
  for (const row of rows) {
    const key = `${row.target}/${row.partner}/${row.sameStart}/${row.steps}`;
    cells.set(key, [...(cells.get(key) ?? []), row]);
  }
  return [...cells.values()].map((own) => ({
    ...own[0],
    change: mean(own.map(({ change }) => change)),
    fsd: mean(own.map(({ fsd }) => fsd)),
    partnerMoved: mean(own.map(({ partnerMoved }) => partnerMoved)),
  }));
}

/** One sentence on the parts. */
export function describeParts(parts: readonly VariancePart[]): string {
  const percent = (share: number) => `${formatFixed(100 * share, 0)}%`;
  const of = (name: VariancePart["part"]) => parts.find(({ part }) => part === name) as VariancePart;
  const named = compared.map((part) => `${part} ${percent(of(part).first)} (${percent(of(part).last)})`);
  return (
    `Of the variance of the change of accuracy the targets explain ${percent(of("target").first)}; beyond them, each alone (and ` +
    `beyond all others): ${named.join(", ")}. ${percent(of("not explained").first)} is left.`
  );
}
