import { mean } from "simple-statistics";
import { crossedCorrelation, crossedMean } from "../statistics/crossed-effects.js";
import type { Effect } from "../statistics/effect.js";
import type { ClaimEffect } from "./scorecard.js";

/** What a claim's rows share: a target, and the mixture that it was tested in. */
export interface ClaimRow {
  target: string;
  /** The domains mixed, the target among them. */
  members: readonly string[];
}

/** Fewest targets from which an interval over domains is made. */
const TARGETS = 3;

/**
 * A claim's mean over rows of the targets that count, with an interval under crossed effects of target and partners. Rows of
 * one target and one mixture (of several seeds or methods) are averaged first, since they are no new domains.
 */
export function claimMean<Row extends ClaimRow>(
  rows: readonly Row[],
  value: (row: Row) => number,
  targets: readonly string[],
): ClaimEffect {
  const cells = cellsOf(rows, targets, [value]);
  const few = tooFew(cells);
  if (few) return few;
  const values = cells.map(({ means }) => means[0]);
  return intervalOf(crossedMean(values, cells.map(crossingOf)));
}

/**
 * A claim's rank correlation of x and y within targets and sizes, over the targets that count, with an interval under crossed
 * effects. Rows of one target and one mixture are averaged first. `sets` tells apart mixtures of the same domains that are
 * not to be averaged, such as those of a partner trained for another length.
 */
export function claimCorrelation<Row extends ClaimRow>(
  rows: readonly Row[],
  x: (row: Row) => number,
  y: (row: Row) => number,
  targets: readonly string[],
  sets: (row: Row) => string = () => "",
): ClaimEffect {
  const cells = cellsOf(rows, targets, [x, y], sets);
  const few = tooFew(cells);
  if (few) return few;
  const strata = cells.map(({ row }) => `${row.target}/${row.members.length}`);
  const [xs, ys] = [0, 1].map((which) => cells.map(({ means }) => means[which]));
  const varies = (values: number[]) =>
    strata.some((stratum, i) => values[i] !== values[strata.indexOf(stratum)] && Number.isFinite(values[i]));
  if (!varies(xs) || !varies(ys)) return { undecided: "nothing varies within any target" };
  return intervalOf(crossedCorrelation(xs, ys, strata, cells.map(crossingOf)));
}

/** Rows by target and mixture, with the means of some values. */
function cellsOf<Row extends ClaimRow>(
  rows: readonly Row[],
  targets: readonly string[],
  values: ((row: Row) => number)[],
  sets: (row: Row) => string = () => "",
): { row: Row; means: number[] }[] {
  const cells = new Map<string, Row[]>();
  for (const row of rows.filter(({ target }) => targets.includes(target))) {
    const key = `${row.target}/${[...row.members].sort().join("+")}/${sets(row)}`;
    cells.set(key, [...(cells.get(key) ?? []), row]);
  }
  return [...cells.values()].map((own) => ({ row: own[0], means: values.map((value) => mean(own.map(value))) }));
}

function tooFew(cells: readonly { row: ClaimRow }[]): ClaimEffect | undefined {
  const targets = new Set(cells.map(({ row }) => row.target)).size;
  if (targets >= TARGETS) return undefined;
  return {
    undecided: `${targets === 1 ? "1 target counts" : `${targets} targets count`}, an interval needs ${TARGETS}`,
  };
}

/** Partners that are the same for all, as in the mixture of all domains, have no effect of their own. */
function crossingOf({ row: { target, members } }: { row: ClaimRow }, _: number, all: readonly { row: ClaimRow }[]) {
  const everyone = new Set(all.flatMap(({ row }) => row.members)).size;
  const partners = members.length === everyone && everyone > 2 ? [] : members.filter((member) => member !== target);
  return { target, partners };
}

function intervalOf({ effect, low, high }: Effect): Effect {
  return { effect, low, high };
}
