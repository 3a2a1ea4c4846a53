import { type Adapter, requireAdapter } from "../adapters/adapter.js";
import { loraProduct } from "../adapters/lora.js";
import type { AdapterConfig } from "../adapters/methods.js";
import { placeOf } from "../adapters/place.js";
import type { TensorData } from "../engine/tensor-data.js";
import { requireOptions } from "../files/options.js";
import { changeOf, initialOf, type WeightView } from "./initialisation.js";
import { packSigns, type SignMap, type SignSource } from "./sign-map.js";

/** Which numbers of an adapter count: `all` of them, or those in `matrices` only. */
export type ParameterScope = "all" | "matrices";

/** Which signs of an adapter are looked at. */
export interface SignScope {
  /** `raw` (default): the weights as they are. `change`: their change from initialisation, which must be known. */
  weights?: WeightView;
  /** LoRA only. `factors` (default): A and B. `product`: B·A, which flipping A and B together leaves alone. */
  space?: "factors" | "product";
  /** `all` (default): every number of the adapter, biases and norms too, as in algorithm 3. `matrices`: 2-D weights only. */
  parameters?: ParameterScope;
  /** A weight with |w| ≤ threshold counts as zero; 0 by default. */
  threshold?: number;
}

/**
 * Packs the signs of an adapter's weights in scope, its head left out.
 * Throws on a NaN, and on `weights: "change"` where the initialisation is unknown.
 */
export function signMapOf(adapter: Adapter, scope: SignScope = {}): SignMap {
  requireAdapter(adapter, "signMapOf");
  requireOptions(scope, "signMapOf", "weights");
  if (scope.space === "product") return packSigns(productSources(adapter, scope), scope.threshold);
  const view = scope.weights === "change" ? changeOf(adapter) : undefined;
  const sources = Object.keys(adapter.tensors)
    .sort(byPlace)
    .filter((name) => inScope(adapter.tensors[name], scope.parameters))
    .map((name) => {
      const values = view?.[name] ?? numbers(adapter.tensors[name]);
      return { name, size: values.length, values: () => values };
    });
  return packSigns(sources, scope.threshold);
}

/**
 * Whether a tensor counts.
 * @throws if `parameters` is unknown
 */
export function inScope({ shape }: Pick<TensorData, "shape">, parameters: ParameterScope = "all"): boolean {
  if (parameters === "all") return true;
  if (parameters === "matrices") return shape.length === 2;
  throw new Error(`"${parameters}" is no set of parameters; use all or matrices.`);
}

/** Tensors in the order of their layers (2 before 10), then by name. */
export function byPlace(a: string, b: string): number {
  return placeOf(a).layer - placeOf(b).layer || (a < b ? -1 : a > b ? 1 : 0);
}

/** Names `layers.<n>.<matrix>` of the matrices that a LoRA changes. Throws for other methods. */
export function loraMatrices(adapter: { name: string; config: AdapterConfig; tensors: object }): string[] {
  if (adapter.config.method !== "lora") {
    throw new Error(`The product space is LoRA's; "${adapter.name}" is a ${adapter.config.method} adapter.`);
  }
  return Object.keys(adapter.tensors)
    .filter((name) => name.endsWith(".A"))
    .sort(byPlace)
    .map((name) => name.slice(0, -2));
}

function productSources(adapter: Adapter, { weights }: SignScope): SignSource[] {
  const { tensors } = adapter;
  const initial = weights === "change" ? initialOf(adapter) : undefined;
  return loraMatrices(adapter).map((name) => {
    const [A, B] = [tensors[`${name}.A`], tensors[`${name}.B`]];
    return {
      name: `${name}.BA`,
      size: B.shape[0] * A.shape[1],
      values: () => {
        const product = loraProduct(A, B);
        if (!initial) return product;
        const start = loraProduct(initial[`${name}.A`], initial[`${name}.B`]);
        return product.map((value, i) => value - start[i]); // BA − B₀A₀
      },
    };
  });
}

function numbers(tensor: TensorData): Float32Array {
  return tensor.data instanceof Float32Array ? tensor.data : new Float32Array(tensor.data);
}
