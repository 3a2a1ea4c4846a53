import type { Adapter } from "../adapters/adapter.js";
import { assertComparable } from "../signs/comparable.js";
import { changeOf, type WeightView } from "../signs/initialisation.js";
import type { Numbers } from "./weighted-sum.js";

/** Which numbers of an adapter are compared. */
export interface SimilarityOptions {
  /** `raw` (default) weights, or their change from initialisation (`delta`). */
  weights?: WeightView;
  /** Also the biases; by default only 2-D weights. */
  biases?: boolean;
}

/**
 * Cosine of the angle between the weights of two adapters, a·b / (‖a‖‖b‖), in [−1, 1]; 0 where one is all zeros.
 * Throws, naming the difference, where the two cannot be compared.
 */
export function cosineSimilarity(a: Adapter, b: Adapter, options: SimilarityOptions = {}): number {
  assertComparable([a, b]);
  const [left, right] = [numbersOf(a, options), numbersOf(b, options)];
  let product = 0;
  let leftSquare = 0;
  let rightSquare = 0;
  left.forEach((x, t) => {
    const y = right[t];
    for (let i = 0; i < x.length; i++) {
      product += x[i] * y[i];
      leftSquare += x[i] * x[i];
      rightSquare += y[i] * y[i];
    }
  });
  return product === 0 ? 0 : product / Math.sqrt(leftSquare * rightSquare);
}

/**
 * Distance an adapter moved in training, ‖δ‖ = ‖θ − θ₀‖ (Euclidean), over its 2-D weights, or all tensors with `biases`.
 * Throws where the start is unknown.
 */
export function distanceMoved(adapter: Adapter, options: Pick<SimilarityOptions, "biases"> = {}): number {
  let square = 0;
  for (const change of numbersOf(adapter, { ...options, weights: "delta" })) {
    for (const value of change) square += value * value;
  }
  return Math.sqrt(square);
}

function numbersOf(adapter: Adapter, { weights, biases }: SimilarityOptions): Numbers[] {
  const change = weights === "delta" ? changeOf(adapter) : undefined;
  return Object.keys(adapter.tensors)
    .sort()
    .filter((name) => biases || adapter.tensors[name].shape.length === 2)
    .map((name) => change?.[name] ?? (adapter.tensors[name].data as Float32Array));
}
