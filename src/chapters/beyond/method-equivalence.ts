import { formatEffect } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { barFigure } from "../../figures/bar.js";
import type { Figure } from "../../figures/figure.js";
import { methodName } from "../../figures/method-name.js";
import { madeFrom } from "../../results/origin.js";
import { type Crossing, crossedMean } from "../../statistics/crossed-effects.js";
import { type Equivalence, type Estimate, twoOneSidedTests } from "../../statistics/verdict.js";
import type { RunOptions } from "../../study/run.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import type { Study } from "../../study/study.js";
import { pairSigns } from "../conflict/pair-signs.js";
import type { MixtureResult } from "../mix/mixtures.js";
import { groupSingles } from "../train/groups.js";
import type { TrainRow } from "../train/train-unit.js";

/** A number of two adapter methods compared: the first's minus the second's, in points. */
export interface MethodDifference {
  number: "drop" | "FSD";
  first: string;
  second: string;
  difference: Estimate;
  equivalence: Equivalence;
}

/** Margin of equivalence, in points; it is in the predictions, and that of claim F2. */
const MARGIN = 2;

/** One value of a target and a mixture, by method. */
interface Cell {
  method: string;
  target: string;
  members: readonly string[];
  value: number;
}

/** Two one-sided tests of every two methods: drops of the same averages on the same targets, and FSD of the same pairs. */
export async function compareMethods(
  study: Study,
  singles: readonly TrainRow[],
  results: readonly MixtureResult[],
  targets: readonly string[],
  options: RunOptions = {},
): Promise<MethodDifference[]> {
  const drops = results
    .filter(({ size, target }) => size > 1 && targets.includes(target))
    .map((row): Cell => madeFrom({ ...row, value: row.drop }, row));
  const fsds: Cell[] = [];
  for (const { method, rows } of groupSingles(singles)) {
    const pairs = rows.flatMap((a, i) => rows.slice(i + 1).map((b) => [a, b] as const));
    const signs = await pairSigns(study, pairs, options);
    pairs.forEach(([a, b], i) => {
      const cell = { method, target: a.domain, members: [a.domain, b.domain], value: 100 * signs[i].fsd };
      fsds.push(madeFrom(cell, a, b, signs[i]));
    });
  }
  return madeFrom([...differences("drop", drops), ...differences("FSD", fsds)], results, drops, fsds);
}

function differences(number: MethodDifference["number"], cells: readonly Cell[]): MethodDifference[] {
  const methods = [...new Set(cells.map(({ method }) => method))];
  const pairs = methods.flatMap((first, i) => methods.slice(i + 1).map((second) => ({ first, second })));
  return pairs.flatMap(({ first, second }) => {
    const keyOf = ({ target, members }: Cell) => `${target}/${[...members].sort().join("+")}`;
    const other = new Map(cells.filter(({ method }) => method === second).map((cell) => [keyOf(cell), cell]));
    const paired = cells.filter((cell) => cell.method === first && other.has(keyOf(cell)));
    if (new Set(paired.map(({ target }) => target)).size < 3) return [];
    const values = paired.map((cell) => cell.value - (other.get(keyOf(cell)) as Cell).value);
    const everyone = new Set(paired.flatMap(({ members }) => members)).size;
    const crossing = paired.map(
      ({ target, members }): Crossing => ({
        target,
        partners: members.length === everyone ? [] : members.filter((member) => member !== target),
      }),
    );
    const difference = crossedMean(values, crossing);
    const row = { number, first, second, difference, equivalence: twoOneSidedTests(difference, MARGIN) };
    return [madeFrom(row, paired, [...other.values()])];
  });
}

/** One row for every two methods and number: the difference, and whether equivalence within the margin is shown. */
export function equivalenceTable(rows: readonly MethodDifference[]): Cells[] {
  return madeFrom(
    rows.map(({ number, first, second, difference, equivalence }) => ({
      number,
      methods: `${methodName(first)} − ${methodName(second)}`,
      "difference (points, 95%)": formatEffect(difference),
      "p of equivalence": equivalence.p.toPrecision(2),
      [`equal within ±${MARGIN} points`]: equivalence.p < 0.05 ? "shown" : "not shown",
    })),
    rows,
  );
}

/** Differences between methods with their 90% intervals, which lie within the margins just where equivalence is shown. */
export function equivalenceFigure(rows: readonly MethodDifference[]): Figure {
  const groups = (["drop", "FSD"] as const).map((number) => {
    const own = rows.filter((row) => row.number === number);
    return {
      name: number === "drop" ? "drop by mixing" : "FSD of pairs",
      categories: own.map(({ first, second }) => `${methodName(first)} − ${methodName(second)}`),
      values: own.map(({ difference }) => difference.effect),
      low: own.map(({ equivalence }) => equivalence.interval.low),
      high: own.map(({ equivalence }) => equivalence.interval.high),
    };
  });
  return madeFrom(
    barFigure(groups, {
      title: "Three adapter methods compared, on the same mixtures and pairs",
      subtitle: "whiskers: 90% intervals over domains; dotted: the margin of equivalence",
      ...{ x: "", y: "difference (points)", width: 760 },
      levels: [
        { name: `+${MARGIN} points`, y: MARGIN },
        { name: `−${MARGIN} points`, y: -MARGIN },
      ],
    }),
    rows,
  );
}

/** The number of the question on methods: the largest difference of mean drop, with its interval. */
export function methodEffects(rows: readonly MethodDifference[]): ClaimEffect[] {
  const drops = rows.filter(({ number }) => number === "drop").map(({ difference }) => difference);
  if (drops.length === 0) return [madeFrom({ undecided: "an interval needs 3 targets and two methods" }, rows)];
  const { effect, low, high } = drops.reduce((a, b) => (Math.abs(b.effect) > Math.abs(a.effect) ? b : a));
  return [madeFrom(effect < 0 ? { effect: -effect, low: -high, high: -low } : { effect, low, high }, rows)];
}

/** Which methods were shown to be alike. */
export function describeEquivalence(rows: readonly MethodDifference[]): string {
  if (rows.length === 0)
    return "Methods are compared on three targets or more; here there are fewer, so nothing is shown.";
  const parts = (["drop", "FSD"] as const).map((number) => {
    const own = rows.filter((row) => row.number === number);
    const alike = own.filter(({ equivalence }) => equivalence.p < 0.05);
    const names = alike.map(({ first, second }) => `${methodName(first)} and ${methodName(second)}`).join(", ");
    return `of ${number} for ${alike.length} of ${own.length} pairs of methods${names && ` (${names})`}`;
  });
  return (
    `Equality within ±${MARGIN} points is shown ${parts.join(", and ")}. Where it is not shown, the methods may differ or the domains may ` +
    "be too few; the interval tells which."
  );
}
