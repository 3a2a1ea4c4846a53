import { formatFixed } from "../display/number-format.js";

/**
 * One sentence: a number that a cell computed by hand beside the same number of the study's rows, and whether they are equal.
 * Shares that differ by less than a millionth are called equal up to rounding.
 */
export function describeByHand(what: string, byHand: number, stored: number): string {
  const digits = Math.abs(byHand) < 1 && Math.abs(stored) < 1 ? 6 : 4;
  const difference = Math.abs(byHand - stored);
  const verdict =
    difference === 0
      ? "they are equal"
      : difference < 1e-6
        ? "they are equal up to rounding"
        : `they differ by ${difference.toPrecision(2)}`;
  return `${what}: ${formatFixed(byHand, digits)} by hand, ${formatFixed(stored, digits)} in the study; ${verdict}.`;
}
