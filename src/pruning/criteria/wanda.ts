import type { NamedTensorData } from "../../engine/tensor-data.js";
import type { CriterionFunction } from "../scores.js";

/**
 * Wanda: |wᵢⱼ|·‖xⱼ‖₂, a weight's size times the norm of the input that it multiplies. Sun et al. (2024), arXiv 2306.11695, equation 1; they
 * compare within each row, which here is `scope: "tensor"` at best.
 *
 * @param grams of the inputs, as `inputGrams` gives them: ‖xⱼ‖² is their diagonal
 * @throws, when it is used, where the Gram matrix of a matrix is missing
 */
export function wanda(grams: NamedTensorData): CriterionFunction {
  return (values) =>
    Object.fromEntries(
      Object.entries(values).map(([name, weights]) => {
        const gram = grams[name];
        if (!gram) throw new Error(`Wanda needs the Gram matrix of the inputs of ${name}.`);
        const columns = gram.shape[1];
        const norms = Float64Array.from({ length: columns }, (_, j) => Math.sqrt(gram.data[j * columns + j]));
        return [name, Float64Array.from(weights, (value, i) => Math.abs(value) * norms[i % columns])];
      }),
    );
}
