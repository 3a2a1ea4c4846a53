import { requireList } from "../files/arguments.js";
import { requireOptions } from "../files/options.js";
import { shownTable } from "./shown.js";

/** One number computed by hand beside the same of a study's row. */
export interface BesideRow {
  number: string;
  "by hand": number;
  "in the study": number;
  /** `yes` where they differ by less than a billionth of the larger. */
  equal: string;
}

/**
 * Numbers that a cell has computed by hand beside those that the study's rows hold, as a table that shows itself and says of
 * each whether the two are equal.
 */
export function besideStudy(
  numbers: Readonly<Record<string, readonly [byHand: number, inStudy: number]>>,
): BesideRow[] {
  requireOptions(numbers, "besideStudy (its numbers)", "name");
  requireList(
    Object.values(numbers),
    "besideStudy takes two numbers of each name, [by hand, in the study]",
    Array.isArray,
  );
  const rows = Object.entries(numbers).map(([number, [byHand, inStudy]]): BesideRow => {
    const difference = Math.abs(byHand - inStudy);
    const equal = difference <= 1e-9 * Math.max(Math.abs(byHand), Math.abs(inStudy));
    return {
      number,
      ...{ "by hand": byHand, "in the study": inStudy },
      equal: equal ? "yes" : Number.isFinite(difference) ? `no, they differ by ${difference.toPrecision(2)}` : "no",
    };
  });
  return shownTable(rows);
}
