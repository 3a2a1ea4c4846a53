import type { NamedTensorData } from "../engine/tensor-data.js";
import type { PruneScope } from "../pruning/pools.js";
import type { Coefficients } from "./coefficients.js";
import type { Majority } from "./ties.js";

/** The numbers of one adapter that are merged, its weights or their change, by tensor name. */
export type TaskVector = Record<string, Float64Array>;

/** What a strategy knows while it makes one adapter's vector sparse. */
export interface SparsifyContext {
  /** The adapter's name. */
  adapter: string;
  /** Share of values kept. */
  density: number;
  trimScope: PruneScope;
  seed: string | number;
  /** Keep-masks that were given in place of drawn ones. */
  masks?: NamedTensorData;
}

/** A way to mix that acts on vectors: each is made sparse by itself, then they are merged tensor by tensor. */
export interface VectorStrategy {
  /** Share of values kept unless the reader gives one. */
  density: number;
  /** Whether values are dropped at random, by a mask that the adapter's name draws. */
  drops: boolean;
  sparsify(vector: TaskVector, context: SparsifyContext): TaskVector;
  /** One tensor of the mixture from the sparse tensors of its members. */
  merge(
    terms: readonly Float64Array[],
    coefficients: Coefficients,
    options: { majority?: Majority; lambda?: number },
  ): Float64Array;
}
