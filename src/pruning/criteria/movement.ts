import { initialOf } from "../../signs/initialisation.js";
import type { CriterionContext, PruneScores } from "../scores.js";

/**
 * w·(w − w₀): weights that moved towards zero go first, those that moved away from it stay, whatever their size. The sum
 * −Σ w·∂L/∂w over training of movement pruning, with the start and the end alone. Sanh et al. (2020), arXiv 2005.07683, equation 5.
 *
 * @throws where the adapter's start is not known
 */
export function movement(values: PruneScores, { adapter }: CriterionContext): PruneScores {
  const initial = initialOf(adapter);
  return Object.fromEntries(
    Object.keys(values).map((name) => {
      const { data } = adapter.tensors[name];
      const start = initial[name].data;
      return [name, Float64Array.from(data, (value, i) => value * (value - start[i]))];
    }),
  );
}
