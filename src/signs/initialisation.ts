import { type Adapter, requireAdapters } from "../adapters/adapter.js";
import { initialTensors } from "../adapters/create.js";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { sameStart } from "./same-start.js";

/** Which numbers of an adapter count: its weights as they are, or their change from the initial ones. */
export type WeightView = "raw" | "change";

/**
 * The tensors an adapter started from, rebuilt from its seed.
 * Throws where the seed is not known, as for adapters imported from elsewhere.
 */
export function initialOf(adapter: Adapter): NamedTensorData {
  if (adapter.seed === undefined) {
    throw new Error(
      `It is not known what "${adapter.name}" started from (no seed), so its change cannot be formed; use its raw weights.`,
    );
  }
  return initialTensors(adapter);
}

/** Whether all adapters are known to have started from the same tensors. */
export function sharedInitialisation(adapters: readonly Adapter[]): boolean {
  requireAdapters(adapters, "sharedInitialisation");
  return adapters.every((adapter) => sameStart(adapters[0], adapter) === true);
}

/** Change of every tensor from its initial numbers, in float64: δ = w − w₀. */
export function changeOf(adapter: Adapter): Record<string, Float64Array> {
  const initial = initialOf(adapter);
  const change: Record<string, Float64Array> = {};
  for (const [name, { data }] of Object.entries(adapter.tensors)) {
    const start = initial[name].data;
    const difference = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) difference[i] = data[i] - start[i];
    change[name] = difference;
  }
  return change;
}
