import type { Adapter } from "#src/adapters/adapter.js";
import type { AdapterBase } from "#src/adapters/base.js";
import { adapterConfig, initialTensors } from "#src/adapters/create.js";
import type { AdapterMethod } from "#src/adapters/methods.js";
import { createRandom } from "#src/engine/random.js";
import { float32 } from "#src/engine/tensor-data.js";

export const smallBase: AdapterBase = { family: "bert", hiddenSize: 16, intermediateSize: 32, layers: 2 };

/** A pfeiffer adapter with the one 2-D tensor given by rows, without seed, for cases worked by hand. */
export function handAdapter(name: string, rows: number[][], tensor = "layers.0.feedForward.down.weight"): Adapter {
  const shape = [rows.length, rows[0].length];
  const base = { ...smallBase, hiddenSize: shape[1], layers: 1 };
  const tensors = { [tensor]: float32(shape, Float32Array.from(rows.flat())) };
  return { name, config: adapterConfig({ method: "pfeiffer" }), base, tensors };
}

/** The rows of a hand adapter's only tensor. */
export function rowsOf({ tensors }: Pick<Adapter, "tensors">): number[][] {
  const [{ shape, data }] = Object.values(tensors);
  return Array.from({ length: shape[0] }, (_, row) => Array.from(data.slice(row * shape[1], (row + 1) * shape[1])));
}

/** An adapter as after training: initial tensors of `seed` plus a change drawn from the adapter's name. */
export function trainedAdapter(method: AdapterMethod, name: string, seed: string | number = "start"): Adapter {
  const config = adapterConfig(method === "lora" ? { method, rank: 4 } : { method, reductionFactor: 4 });
  const adapter: Adapter = { name, config, base: smallBase, tensors: {}, seed };
  const random = createRandom(`change/${name}`);
  for (const [tensor, { shape, data }] of Object.entries(initialTensors(adapter))) {
    adapter.tensors[tensor] = float32(
      shape,
      Float32Array.from(data, (value) => value + 0.02 * random.normal()),
    );
  }
  return adapter;
}

/** The adapter with every number changed. */
export function mapTensors(adapter: Adapter, change: (value: number, name: string, i: number) => number): Adapter {
  const tensors = Object.entries(adapter.tensors).map(([name, { shape, data }]) => [
    name,
    float32(
      shape,
      Float32Array.from(data, (value, i) => change(value, name, i)),
    ),
  ]);
  return { ...adapter, tensors: Object.fromEntries(tensors) };
}

export const methods: AdapterMethod[] = ["houlsby", "pfeiffer", "lora"];
