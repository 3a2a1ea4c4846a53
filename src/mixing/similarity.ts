import { type Adapter, requireAdapter } from "../adapters/adapter.js";
import { checkOptions } from "../files/options.js";
import { inScope, type ParameterScope } from "../signs/adapter-signs.js";
import { assertComparable } from "../signs/comparable.js";
import { changeOf, type WeightView } from "../signs/initialisation.js";
import type { Numbers } from "./weighted-sum.js";

/** Which numbers of an adapter are compared. */
export interface SimilarityOptions {
  /** `raw` (default) weights, or their change from initialisation. */
  weights?: WeightView;
  /** `all` (default) numbers of the adapter, or those in `matrices` only. */
  parameters?: ParameterScope;
}

/**
 * Cosine of the angle between the weights of two adapters, a·b / (‖a‖‖b‖), in [−1, 1]; 0 where one is all zeros.
 * Throws, naming the difference, where the two cannot be compared.
 */
export function cosineSimilarity(a: Adapter, b: Adapter, options: SimilarityOptions = {}): number {
  for (const one of [a, b]) requireAdapter(one, "cosineSimilarity");
  checkOptions(options, { weights: true, parameters: true }, "cosineSimilarity");
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

function numbersOf(adapter: Adapter, { weights, parameters }: SimilarityOptions): Numbers[] {
  const change = weights === "change" ? changeOf(adapter) : undefined;
  return Object.keys(adapter.tensors)
    .sort()
    .filter((name) => inScope(adapter.tensors[name], parameters))
    .map((name) => change?.[name] ?? (adapter.tensors[name].data as Float32Array));
}
