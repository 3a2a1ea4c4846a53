import type { Effect } from "../statistics/effect.js";

/** Digits after the point at which every number of a column reads well: about four significant ones for the largest. */
function decimalsFor(values: readonly number[]): number {
  if (values.every(Number.isInteger)) return 0;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest >= 1000) return 1;
  if (largest >= 10) return 2;
  return 3;
}

/** A cell of a table as text; missing values are empty. */
function formatCell(value: unknown, decimals: number, tiny: boolean): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return typeof value === "object" ? JSON.stringify(value) : String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : String(value);
  return tiny && value !== 0 ? value.toPrecision(3) : formatFixed(value, decimals);
}

/** Formats one column alike: its numbers get equally many digits after the point. */
export function formatColumn(values: readonly unknown[]): string[] {
  const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  const decimals = decimalsFor(numbers);
  const tiny = decimals > 0 && numbers.every((value) => Math.abs(value) < 0.01);
  return values.map((value) => formatCell(value, decimals, tiny));
}

/** A number with so many digits after the point, and no minus before a zero; a dash for what is not a number. */
export function formatFixed(value: number, digits = 1): string {
  if (Number.isNaN(value)) return "–";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

/** 3.14159 → "3.1 points"; exactly one is "1.0 points" too, as decimals are. */
export function formatPoints(value: number, digits = 1): string {
  return `${formatFixed(value, digits)} points`;
}

/** A share in percent: 0.125 → "13%", with one digit "12.5%". */
export function formatPercent(share: number, digits = 0): string {
  return `${formatFixed(100 * share, digits)}%`;
}

/** A share in percent with one digit after the point where it needs one: 0.9 → "90%", 0.975 → "97.5%". */
export function formatShare(share: number): string {
  return `${Number(formatFixed(100 * share, 1))}%`;
}

/** The ends of an interval: "[-0.2, 1.0]". */
export function formatInterval({ low, high }: Pick<Effect, "low" | "high">, digits = 1): string {
  return `[${formatFixed(low, digits)}, ${formatFixed(high, digits)}]`;
}

/** An effect with its interval: "0.4 [-0.2, 1.0]"; a dash where there is none. */
export function formatEffect({ effect, low, high }: Effect, digits = 1): string {
  if (![effect, low, high].every(Number.isFinite)) return "–";
  return `${formatFixed(effect, digits)} ${formatInterval({ low, high }, digits)}`;
}
