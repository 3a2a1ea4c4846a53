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
  return tiny && value !== 0 ? value.toPrecision(3) : value.toFixed(decimals);
}

/** Formats one column alike: its numbers get equally many digits after the point. */
export function formatColumn(values: readonly unknown[]): string[] {
  const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  const decimals = decimalsFor(numbers);
  const tiny = decimals > 0 && numbers.every((value) => Math.abs(value) < 0.01);
  return values.map((value) => formatCell(value, decimals, tiny));
}

/** A number with so many digits after the point, and no minus before a zero. */
export function formatFixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}
