import type { Adapter } from "../../adapters/adapter.js";
import { scaleChange } from "../../mixing/dilute.js";
import { mixAdapters } from "../../mixing/mix.js";

/** A way to weigh a set. */
export interface Way {
  /** One for each adapter; they sum to 1. */
  coefficients: readonly number[];
  /** Factor on the summed changes from the start, θ₀ + λ Σ δ with even coefficients; 1/k is the plain average. */
  lambda?: number;
}

/**
 * The mixture of a set by a way to weigh it: the weighted mean, its change from the start enlarged by λ·k where there is a λ.
 *
 * @throws where a λ is given and the adapters are not known to share a start
 */
export function weighedMixture(
  adapters: readonly Adapter[],
  { coefficients, lambda }: Way,
  options: { name?: string; anyEncoder?: boolean } = {},
): Adapter {
  const mixture = mixAdapters(adapters, { coefficients, ...options });
  const factor = lambda === undefined ? 1 : lambda * adapters.length;
  return Math.abs(factor - 1) < 1e-12 ? mixture : scaleChange(mixture, factor);
}
