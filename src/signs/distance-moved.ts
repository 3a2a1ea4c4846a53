import { type Adapter, requireAdapter } from "../adapters/adapter.js";
import { changeOf } from "./initialisation.js";

/**
 * Distance an adapter moved in training, ‖δ‖ = ‖θ − θ₀‖ (Euclidean), over all its parameters, biases in; summed in
 * float64 over the tensors in the order of their names.
 * Throws where the start is unknown.
 */
export function distanceMoved(adapter: Adapter): number {
  requireAdapter(adapter, "distanceMoved");
  const change = changeOf(adapter);
  let squares = 0;
  for (const name of Object.keys(change).sort()) for (const value of change[name]) squares += value * value;
  return Math.sqrt(squares);
}
