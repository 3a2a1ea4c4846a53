import type { NamedTensorData } from "../engine/tensor-data.js";
import type { PruneScope } from "../pruning/pools.js";
import type { WeightView } from "../signs/initialisation.js";
import type { VectorStrategyName } from "./strategies.js";
import type { Majority } from "./ties.js";

/**
 * How adapters become one.
 *
 * - `average`: Σ cᵢθᵢ (default).
 * - `negate_b`: LoRA's factors with |c| on A and c on B, so that a negative coefficient negates B·A.
 * - `cat`: LoRA's factors side by side, exact in B·A; the ranks add up.
 * - `ties`: trim → elect a sign by summed mass → weighted mean of the agreeing → λ.
 * - `dare`: drop at random, rescale by 1/density, then the weighted sum. `dare_ties`: then elect and mean as TIES.
 * - `magnitude_prune`: trim, then the weighted sum.
 */
export type MixStrategy = "average" | "negate_b" | "cat" | VectorStrategyName;

/** How adapters are mixed. */
export interface MixOptions {
  /** One coefficient per adapter; uniform unless given. */
  coefficients?: readonly number[];
  /** Divide the coefficients by their sum; true by default (as AdapterHub), false with `compat: "peft"`. */
  normalize?: boolean;
  strategy?: MixStrategy;
  /** LoRA: mix A and B each on their own (`factors`, default), or B·A, cut back to `rank` by its singular values. */
  space?: "factors" | "product";
  /** Rank of a mixture in the product space; the largest rank of the adapters by default. */
  rank?: number;
  /** Share of values kept by trimming (0.2 by default) or by DARE's drop (0.1 by default, the papers' values). */
  density?: number;
  /** Where the share is kept by trimming: in each tensor (default), each layer, or the whole adapter. */
  trimScope?: PruneScope;
  /** How TIES elects a sign: by summed `mass` (default) or by `count`. */
  majority?: Majority;
  /** TIES's λ, a factor on the merged change; 1 by default. */
  lambda?: number;
  /** TIES, DARE and `magnitude_prune` act on the change from initialisation (`change`, default where it is shared) or `raw`. */
  weights?: WeightView;
  /** Seed of DARE's masks; 0 by default. */
  seed?: string | number;
  /** DARE's keep-masks, one set per adapter in the order given, in place of drawn ones; keys are tensor names. */
  masks?: readonly NamedTensorData[];
  /** Follow a library where it computes differently; see `mixAsPeft`. `adapterhub`: see `mixAdapters`. */
  compat?: "adapterhub" | "peft";
  /** Mix adapters whose encoders have equal shapes but different names. */
  anyEncoder?: boolean;
  /** Name of the mixture; the names of its members joined by "+" by default. */
  name?: string;
  /** Told what the reader should know, such as that raw weights are used for want of a known start. */
  onNote?: (note: string) => void;
}
