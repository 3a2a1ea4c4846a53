import { createRandom } from "../../engine/random.js";
import type { PruneScores } from "../scores.js";

/** A uniform draw for each weight, a stream to each tensor, so that masks do not depend on the scope. */
export function random(values: PruneScores, { seed }: { seed: string | number }): PruneScores {
  return Object.fromEntries(
    Object.entries(values).map(([name, weights]) => {
      const draws = createRandom(seed).fork(name);
      return [name, Float64Array.from(weights, () => draws.uniform())];
    }),
  );
}
