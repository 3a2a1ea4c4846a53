import { inverse, Matrix } from "ml-matrix";
import type { Adapter } from "../adapters/adapter.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { assertComparable } from "../signs/comparable.js";
import { keptSeed, mixtureOf } from "./average.js";
import { settleCoefficients } from "./coefficients.js";
import { type Numbers, weightedSum } from "./weighted-sum.js";

/**
 * RegMean: each matrix of the mixture is the least-squares answer to what every adapter's matrix does to its own inputs,
 * W = (Σ WᵢGᵢ)(Σ Gᵢ)⁻¹ with Gᵢ = XᵢᵀXᵢ, whose entries off the diagonal are multiplied by `shrink`; the rest is averaged.
 * Jin et al. (2023), arXiv 2212.09849, equation 2 and section 3.2 (their W is the transpose of ours).
 *
 * A ridge of a millionth of the mean of the diagonal makes Σ Gᵢ invertible where inputs are fewer than columns; it draws
 * towards the uniform average.
 *
 * @param grams of each adapter, as `inputGrams` gives them, from equally many texts of each domain
 * @param options.shrink 0.9 by default, the paper's
 * @throws where configurations or encoders differ, or a Gram matrix is missing or of another size, naming the tensor
 */
export function regMean(
  adapters: readonly Adapter[],
  grams: readonly NamedTensorData[],
  options: { shrink?: number; name?: string } = {},
): Adapter {
  if (adapters.length === 0) throw new Error("A mixture needs at least one adapter.");
  if (grams.length !== adapters.length) {
    throw new Error(`${adapters.length} adapters need as many sets of Gram matrices, not ${grams.length}.`);
  }
  assertComparable(adapters);
  const { shrink = 0.9 } = options;
  if (!(shrink >= 0 && shrink <= 1)) throw new Error(`shrink is a share from 0 to 1, not ${shrink}.`);
  const uniform = settleCoefficients(adapters.length, undefined, true);
  const tensors = Object.entries(adapters[0].tensors).map(([name, { shape }]) => {
    const terms = adapters.map(({ tensors }) => tensors[name].data as Numbers);
    const average = weightedSum(terms, uniform);
    const mixed = shape.length === 2 ? regress(name, terms, shape, grams, average, shrink) : average;
    return [name, float32(shape.slice(), new Float32Array(mixed))];
  });
  return mixtureOf(adapters, Object.fromEntries(tensors), keptSeed(adapters, uniform), options.name);
}

/** (Σ WᵢGᵢ + ρW̄)(Σ Gᵢ + ρI)⁻¹, row-major [out, in]. */
function regress(
  name: string,
  terms: readonly Numbers[],
  [out, inSize]: number[],
  grams: readonly NamedTensorData[],
  average: Float64Array,
  shrink: number,
): Float64Array {
  const all = Matrix.zeros(inSize, inSize);
  const products = Matrix.zeros(out, inSize);
  terms.forEach((weights, i) => {
    const given = grams[i][name];
    if (given?.shape.join() !== `${inSize},${inSize}`) {
      throw new Error(
        `The Gram matrix of ${name} must be [${inSize}, ${inSize}], not ${given ? `[${given.shape}]` : "missing"}.`,
      );
    }
    const gram = new Matrix(inSize, inSize);
    for (let a = 0; a < inSize; a++) {
      for (let b = 0; b < inSize; b++) gram.set(a, b, given.data[a * inSize + b] * (a === b ? 1 : shrink));
    }
    all.add(gram);
    products.add(matrixOf(weights, out, inSize).mmul(gram));
  });
  const ridge = 1e-6 * (all.trace() / inSize || 1);
  all.add(Matrix.eye(inSize).mul(ridge));
  products.add(matrixOf(average, out, inSize).mul(ridge));
  return Float64Array.from(products.mmul(inverse(all)).to1DArray());
}

function matrixOf(values: Numbers, rows: number, columns: number): Matrix {
  return Matrix.from1DArray(rows, columns, Array.from(values));
}
