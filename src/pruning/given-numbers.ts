import type { NamedTensorData } from "../engine/tensor-data.js";
import type { PruneScores } from "./scores.js";

/**
 * Scores from the weights and one given number to each, such as a gradient.
 * @throws naming the first tensor whose numbers are missing
 */
export function scoresOfAll(
  values: PruneScores,
  given: NamedTensorData,
  what: string,
  score: (value: number, given: number) => number,
): PruneScores {
  return Object.fromEntries(
    Object.entries(values).map(([name, weights]) => {
      const numbers = given[name]?.data;
      if (numbers?.length !== weights.length) {
        throw new Error(
          `The ${what} of ${name} must be ${weights.length} numbers, not ${numbers?.length ?? "missing"}.`,
        );
      }
      return [name, Float64Array.from(weights, (value, i) => score(value, numbers[i]))];
    }),
  );
}
