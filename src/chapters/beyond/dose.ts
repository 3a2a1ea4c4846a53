import { mean } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import type { Figure } from "../../figures/figure.js";
import { lineFigure } from "../../figures/line.js";
import { panelsOf } from "../../figures/panels.js";
import { madeFrom } from "../../results/origin.js";
import { correlation } from "../../statistics/correlation.js";
import { jackknife } from "../../statistics/jackknife.js";
import { claimMean } from "../../study/claim-effects.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import { drawnMeans } from "./drawn-means.js";
import type { DoseRow } from "./measure.js";
import { decideBeyond, inPoints, readPredictions } from "./predictions.js";

/** Shares of the variance of accuracy within pairs that one number explains, in percent. */
export interface DoseParts {
  /** Share of the signs of the changes that agree. */
  signs: number;
  /** Factor on the size of the partner's change. */
  sizes: number;
  /** The partner's change along the target's, to which a weight of any sign adds by its size. */
  product: number;
}

/** What explains accuracy when signs and sizes are set: each number alone, within pairs, over all rows of one start. */
export function doseParts(rows: readonly DoseRow[]): DoseParts {
  const ofSigns = rows.filter(({ dose }) => dose.starts === 1);
  const within = (value: (row: DoseRow) => number) => {
    const means = new Map<string, number>();
    for (const key of new Set(ofSigns.map(pairOf))) {
      means.set(key, mean(ofSigns.filter((row) => pairOf(row) === key).map(value)));
    }
    return ofSigns.map((row) => value(row) - (means.get(pairOf(row)) as number));
  };
  const y = within(({ change }) => change);
  const explained = (value: (row: DoseRow) => number) => 100 * correlation(within(value), y) ** 2;
  return {
    signs: explained(({ agreement }) => agreement),
    sizes: explained(({ dose }) => dose.size),
    product: explained(({ along }) => along),
  };
}

/** The numbers of the question on doses, in the order of its predictions, over the targets given. */
export function doseEffects(rows: readonly DoseRow[], targets: readonly string[]): ClaimEffect[] {
  const own = rows.filter(({ target }) => targets.includes(target));
  const rise = (from: (row: DoseRow) => boolean, to: (row: DoseRow) => boolean) => {
    const ends = own.filter(to).map((end) => {
      const start = own.find((row) => from(row) && pairOf(row) === pairOf(end)) as DoseRow;
      return { ...end, rise: end.change - start.change };
    });
    return madeFrom(
      claimMean(ends, (row) => row.rise, targets),
      rows,
    );
  };
  const signs = (share: number) => (row: DoseRow) => row.dose.signs === share && row.dose.size === 1;
  const starts = (share: number) => (row: DoseRow) =>
    row.dose.signs === null && row.dose.size === 1 && row.dose.starts === share;
  return [rise(signs(0), signs(1)), madeFrom(productOverEither(own, targets), rows), rise(starts(0), starts(1))];
}

function productOverEither(rows: readonly DoseRow[], targets: readonly string[]): ClaimEffect {
  if (targets.length < 3) return { undecided: `${targets.length} targets count, an interval needs 3` };
  const statistic = (without?: string) => {
    const { signs, sizes, product } = doseParts(rows.filter(({ target }) => target !== without));
    return product - Math.max(signs, sizes);
  };
  return jackknife(targets, statistic);
}

/** Accuracy change against the share of signs that agree, one line a size, and against the share of starts in common. */
export function doseFigure(rows: readonly DoseRow[]): Figure {
  const line = (name: string, cells: { x: number; rows: DoseRow[] }[]) => {
    const own = cells.map((cell) => cell.rows);
    const { values: y, low, high } = drawnMeans(own, ({ change }) => change);
    return { name, x: cells.map(({ x }) => x), y, low, high };
  };
  const sorted = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  const one = rows.filter(({ dose }) => dose.starts === 1);
  const shares = sorted(one.flatMap(({ dose }) => (dose.signs === null ? [] : [dose.signs])));
  const sizes = sorted(one.map(({ dose }) => dose.size));
  // the size as trained comes first, so that it has one colour in both panels
  const bySigns = [1, ...sizes.filter((size) => size !== 1)].map((size) =>
    line(
      size === 1 ? "size as trained" : `${size} × the size`,
      shares.map((x) => ({ x, rows: one.filter(({ dose }) => dose.signs === x && dose.size === size) })),
    ),
  );
  const ofStarts = rows.filter(({ dose }) => dose.signs === null && dose.size === 1);
  const byStarts = line(
    "size as trained",
    sorted(ofStarts.map(({ dose }) => dose.starts)).map((x) => ({
      x,
      rows: ofStarts.filter(({ dose }) => dose.starts === x),
    })),
  );
  const axes = { y: "accuracy change (points)", percent: "x" as const, title: "" };
  const panels = [
    {
      title: "signs set, sizes kept",
      figure: lineFigure(bySigns, { ...axes, x: "share of signs of the changes that agree (%)" }),
    },
    {
      title: "starts set, change kept",
      figure: lineFigure([byStarts], { ...axes, x: "share of starting weights in common (%)" }),
    },
  ];
  return madeFrom(panelsOf(panels, "A target mixed with a partner: signs, sizes and starts by dose"), rows);
}

/** What the doses say: which of signs, sizes and their product accuracy follows, and what starts do. */
export function describeDoses(rows: readonly DoseRow[], targets: readonly string[]): string {
  const [signs, , starts] = doseEffects(rows, targets);
  const parts = doseParts(rows.filter(({ target }) => targets.includes(target)));
  const percent = (value: number) => `${formatFixed(value, 0)}%`;
  const [first, product, third] = readPredictions("dose").map((one, i) =>
    decideBeyond(one, doseEffects(rows, targets)[i]),
  );
  const names = { signs: "signs", sizes: "sizes", product: "their product" };
  const most = (Object.keys(names) as (keyof DoseParts)[]).reduce((a, b) => (parts[b] > parts[a] ? b : a));
  const trained = rows.filter(({ dose }) => dose.signs === null && dose.size === 1 && dose.starts === 1);
  const asTrained = percent(100 * mean(trained.map(({ agreement }) => agreement)));
  return (
    `As trained, ${asTrained} of the signs of the changes agree. From no sign in agreement to all, at the sizes as trained, accuracy rises by ${inPoints(signs)} (${first}). Of the variance ` +
    `within pairs the share of signs explains ${percent(parts.signs)}, the size ${percent(parts.sizes)} and the product ` +
    `${percent(parts.product)}: accuracy follows ${names[most]} most (that the product explains more than either: ${product}). ` +
    `From no start in common to all, accuracy rises by ${inPoints(starts)} (${third}).`
  );
}

const pairOf = ({ target, partner }: DoseRow) => `${target}/${partner}`;
