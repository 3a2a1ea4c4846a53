import type { NamedTensorData } from "../../engine/tensor-data.js";
import { scoresOfAll } from "../given-numbers.js";
import type { CriterionFunction } from "../scores.js";

/**
 * SNIP: |w·∂L/∂w|, how much the loss would change, to first order, if the weight were zero (or, of a change, set back).
 * Lee, Ajanthan & Torr (2019), arXiv 1810.02340, equation 5, without the common divisor.
 *
 * @param gradients of the mean loss on some texts of the domain, as `textGradients` gives them
 * @throws, when it is used, where gradients of a tensor are missing
 */
export function snip(gradients: NamedTensorData): CriterionFunction {
  return (values) => scoresOfAll(values, gradients, "gradients", (value, slope) => Math.abs(value * slope));
}
