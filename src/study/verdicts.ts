import { packBits } from "../results/bits.js";

/** How a classifier did on a domain's examples. */
export interface Verdicts {
  /** Share of the test examples. */
  accuracy: number;
  /** Share of the dev examples; 0 where there are none. */
  devAccuracy: number;
  /** Which test examples were right, packed. */
  correct: string;
  devCorrect: string;
}

/** Accuracies and packed verdicts of the dev examples, which come first, and the test examples. */
export function verdicts(correct: readonly boolean[], devRows: number): Verdicts {
  const dev = correct.slice(0, devRows);
  const test = correct.slice(devRows);
  return { accuracy: shareOf(test), devAccuracy: shareOf(dev), correct: packBits(test), devCorrect: packBits(dev) };
}

/** Share of true values; 0 of none. */
export function shareOf(values: readonly boolean[]): number {
  return values.length === 0 ? 0 : values.filter(Boolean).length / values.length;
}
