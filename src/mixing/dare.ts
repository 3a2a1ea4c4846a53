import { placeOf } from "../adapters/place.js";
import { createRandom } from "../engine/random.js";
import type { NamedTensorData } from "../engine/tensor-data.js";
import type { SparsifyContext, TaskVector } from "./strategy.js";

/**
 * DARE's mask for one tensor of one adapter: 1 with probability `density`. It is fixed by the seed and the names, so an
 * adapter loses the same weights in every mixture.
 */
export function dareMask(
  size: number,
  density: number,
  seed: string | number,
  adapter: string,
  tensor: string,
): Uint8Array {
  const random = createRandom(seed).fork(`${adapter}/${tensor}`);
  return Uint8Array.from({ length: size }, () => (random.uniform() < density ? 1 : 0));
}

/**
 * Drops what the mask drops and divides the rest by the density, which keeps the expected value: m·x / (1 − p) with
 * p = 1 − density. Yu et al. (2024), arXiv 2311.03099.
 */
export function dropAndRescale(values: Float64Array, mask: ArrayLike<number>, density: number): Float64Array {
  return values.map((value, i) => (mask[i] ? value / density : 0));
}

/** Drops and rescales every tensor of a vector, by given masks or drawn ones. */
export function dropVector(
  vector: TaskVector,
  { adapter, density, seed, masks }: Omit<SparsifyContext, "trimScope">,
): TaskVector {
  return Object.fromEntries(
    Object.entries(vector).map(([name, values]) => {
      const mask = masks
        ? givenMask(masks, name, values.length)
        : dareMask(values.length, density, seed, adapter, name);
      return [name, dropAndRescale(values, mask, density)];
    }),
  );
}

function givenMask(masks: NamedTensorData, name: string, size: number): ArrayLike<number> {
  const mask = masks[name]?.data;
  if (mask?.length !== size) {
    const { layer, module, part } = placeOf(name);
    throw new Error(
      `The mask of layer ${layer}, ${module}.${part} must hold ${size} numbers, not ${mask?.length ?? 0}.`,
    );
  }
  return mask;
}

/** Masks drawn by the adapters' names must not be the same for two. Throws naming the name. */
export function refuseSameNames(adapters: readonly { name: string }[]): void {
  const names = adapters.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new Error(`Two adapters are called "${twice}"; DARE draws each mask by the adapter's name, so rename one.`);
  }
}
