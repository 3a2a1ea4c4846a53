import { type Adapter, requireAdapter } from "../adapters/adapter.js";
import { float32 } from "../engine/tensor-data.js";
import { requireNumber } from "../files/arguments.js";
import { initialOf } from "../signs/initialisation.js";

/**
 * The adapter with its change from initialisation multiplied by a factor: θ₀ + factor·δ. With factor 1/k it is what a
 * uniform mixture of k adapters of one start leaves of each: the control that tells dilution from interference.
 * Throws where the start is unknown.
 *
 * @param factor 0 gives θ₀, 1 the adapter bit for bit
 */
export function scaleChange(adapter: Adapter, factor: number): Adapter {
  requireAdapter(adapter, "scaleChange");
  requireNumber(factor, "scaleChange takes a factor, such as 0.5");
  const initial = initialOf(adapter);
  const tensors = Object.entries(adapter.tensors).map(([name, { shape, data }]) => {
    const start = initial[name].data;
    const scaled = new Float32Array(data.length);
    for (let i = 0; i < data.length; i++) {
      scaled[i] = factor === 1 ? data[i] : start[i] + factor * (data[i] - start[i]);
    }
    return [name, float32(shape.slice(), scaled)];
  });
  return { ...adapter, tensors: Object.fromEntries(tensors) };
}
