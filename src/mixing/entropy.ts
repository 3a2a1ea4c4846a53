import type { Adapter } from "../adapters/adapter.js";
import type { Head } from "../adapters/head.js";
import { placeOf } from "../adapters/place.js";
import type { Example } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { assertComparable } from "../signs/comparable.js";
import { changeOf, initialOf, sharedInitialisation } from "../signs/initialisation.js";
import type { EvaluateOptions } from "../training/evaluate.js";
import { textGradients } from "../training/text-gradients.js";
import { mixtureName } from "./average.js";

/** An adapter with its domain's head and some texts of that domain; their labels are not looked at. */
export interface EntropyMember {
  adapter: Adapter;
  head: Head;
  examples: readonly Example[];
}

/** How coefficients are fitted. */
export interface EntropyOptions extends EvaluateOptions {
  /** Steps of Adam, each on all texts. Default 20. */
  steps?: number;
  /** Its learning rate. Default 0.05; the paper takes 0.001 for some hundred steps. */
  learningRate?: number;
  /** Every coefficient's first value. Default 1/k, the uniform average. */
  start?: number;
  name?: string;
}

/** A mixture with the coefficients that were found. */
export interface EntropyMixture {
  adapter: Adapter;
  /** λ of each member in each encoder layer. [members, layers] */
  coefficients: number[][];
  /** Entropy before each step, in nats, averaged over the members' texts. */
  entropies: number[];
}

/**
 * AdaMerging, layer by layer: θ = θ₀ + Σ λᵢˡδᵢˡ with the coefficients λ that make the mixture, with each domain's own head, surest
 * of its answers on that domain's texts: least mean entropy, by Adam. No label is used.
 * Yang et al. (2024), arXiv 2310.02575, equation 8.
 *
 * @throws if the adapters do not share a start, or a member has no text
 */
export function entropyMix(
  encoder: Encoder,
  members: readonly EntropyMember[],
  options: EntropyOptions = {},
): EntropyMixture {
  if (members.length === 0) throw new Error("A mixture needs at least one adapter.");
  const adapters = members.map(({ adapter }) => adapter);
  assertComparable(adapters);
  if (!sharedInitialisation(adapters)) {
    throw new Error("Coefficients of changes need adapters that are known to start from the same tensors.");
  }
  const { steps = 20, learningRate = 0.05, start = 1 / members.length } = options;
  const { batchSize, maxLength } = options;
  const changes = adapters.map(changeOf);
  const layers = 1 + Math.max(...Object.keys(adapters[0].tensors).map((name) => placeOf(name).layer));
  const coefficients = adapters.map(() => new Array<number>(layers).fill(start));
  const [first, second] = [0, 0].map(() => adapters.map(() => new Float64Array(layers)));
  const entropies: number[] = [];
  const name = mixtureName(adapters, options.name);
  for (let step = 1; step <= steps; step++) {
    const mixture = weighChanges(adapters[0], changes, coefficients, name);
    const slopes = adapters.map(() => new Float64Array(layers));
    let entropy = 0;
    for (const { head, examples } of members) {
      const texts = { batchSize, maxLength, loss: "entropy" as const };
      const { loss, gradients } = textGradients(encoder, { adapter: mixture, head }, examples, texts);
      entropy += loss / members.length;
      for (const [tensor, { data }] of Object.entries(gradients)) {
        const { layer } = placeOf(tensor);
        // ∂H/∂λᵢˡ = Σ over the layer's weights of ∂H/∂θ · δᵢ
        changes.forEach((change, i) => {
          for (let w = 0; w < data.length; w++) slopes[i][layer] += (data[w] * change[tensor][w]) / members.length;
        });
      }
    }
    entropies.push(entropy);
    coefficients.forEach((own, i) => {
      for (let layer = 0; layer < layers; layer++) {
        // Adam (Kingma & Ba 2015), β₁ = 0.9, β₂ = 0.999
        first[i][layer] = 0.9 * first[i][layer] + 0.1 * slopes[i][layer];
        second[i][layer] = 0.999 * second[i][layer] + 0.001 * slopes[i][layer] ** 2;
        const [m, v] = [first[i][layer] / (1 - 0.9 ** step), second[i][layer] / (1 - 0.999 ** step)];
        own[layer] -= (learningRate * m) / (Math.sqrt(v) + 1e-8);
      }
    });
  }
  return { adapter: weighChanges(adapters[0], changes, coefficients, name), coefficients, entropies };
}

/** θ₀ + Σ λᵢˡδᵢˡ. The result keeps the seed, since it is the shared start plus a change. */
function weighChanges(
  like: Adapter,
  changes: readonly Record<string, Float64Array>[],
  coefficients: readonly (readonly number[])[],
  name: string,
): Adapter {
  const initial = initialOf(like);
  const tensors: NamedTensorData = {};
  for (const [tensor, { shape, data }] of Object.entries(initial)) {
    const { layer } = placeOf(tensor);
    const mixed = new Float32Array(data.length);
    for (let w = 0; w < mixed.length; w++) {
      let sum = data[w];
      for (let i = 0; i < changes.length; i++) sum += coefficients[i][layer] * changes[i][tensor][w];
      mixed[w] = sum;
    }
    tensors[tensor] = float32(shape.slice(), mixed);
  }
  return { ...like, name, tensors };
}
