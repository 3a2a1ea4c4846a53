/** A statistic with its 95% interval. */
export interface Effect {
  effect: number;
  low: number;
  high: number;
}

/** The effect of what is not defined, such as a mean of nothing. */
export const notDefined: Effect = { effect: Number.NaN, low: Number.NaN, high: Number.NaN };

/** Where an interval lies: wholly above 0, wholly below, or `open` where it holds 0. */
export type Side = "above" | "below" | "open";

/** The side of 0 on which a whole interval lies. */
export function sideOf({ low, high }: Pick<Effect, "low" | "high">): Side {
  return low > 0 ? "above" : high < 0 ? "below" : "open";
}

/** An effect times a factor above 0, such as 100 for percent. */
export function scaleEffect({ effect, low, high }: Effect, by: number): Effect {
  return { effect: by * effect, low: by * low, high: by * high };
}
