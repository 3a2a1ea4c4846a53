import type { NamedTensorData } from "../../engine/tensor-data.js";
import { scoresOfAll } from "../given-numbers.js";
import type { CriterionFunction } from "../scores.js";

/**
 * GraSP: w·(Hg), with g the gradient and H the Hessian of the loss. To first order the squared gradient ‖g‖² changes by −2w·Hg if the
 * weight goes; those without which it would grow most go first.
 * Wang, Zhang & Grosse (2020), arXiv 2002.07376, equation 8, where the score is −θ·Hg and the highest go.
 *
 * @param products Hg, as `hessianGradient` gives it
 * @throws, when it is used, where products of a tensor are missing
 */
export function grasp(products: NamedTensorData): CriterionFunction {
  return (values) => scoresOfAll(values, products, "products Hg", (value, product) => value * product);
}
