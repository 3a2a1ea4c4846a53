import { placeOf } from "../adapters/place.js";

/** Within what the given share is pruned: the whole adapter, each encoder layer, or each tensor. */
export type PruneScope = "global" | "layer" | "tensor";

/** The names of tensors that are ranked together, for each pool of a scope. Throws on an unknown scope. */
export function poolsOf(names: string[], scope: PruneScope): string[][] {
  if (scope === "global") return [names];
  if (scope === "tensor") return names.map((name) => [name]);
  if (scope !== "layer") throw new Error(`"${scope}" is no scope; prune by global, layer or tensor.`);
  const layers = new Map<number, string[]>();
  for (const name of names) {
    const { layer } = placeOf(name);
    layers.set(layer, [...(layers.get(layer) ?? []), name]);
  }
  return Array.from(layers.values());
}
