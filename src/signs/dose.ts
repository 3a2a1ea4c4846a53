import type { Adapter } from "../adapters/adapter.js";
import { createRandom } from "../engine/random.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { assertComparable } from "./comparable.js";
import { changeOf, initialOf } from "./initialisation.js";

/**
 * The adapter with the size of its change kept at every weight, and the sign set: in each tensor a given share of the weights, drawn by a
 * seed, changes as the target's did, the others the opposite way. A larger share keeps all those of a smaller one. Where the
 * target did not change, the sign stays.
 *
 * @param share of signs that agree, 0 … 1
 * @throws where a start is not known, or the two cannot be compared
 */
export function withSignAgreement(
  adapter: Adapter,
  target: Adapter,
  share: number,
  options: { seed?: string | number } = {},
): Adapter {
  assertComparable([adapter, target]);
  const [own, other] = [changeOf(adapter), changeOf(target)];
  const initial = initialOf(adapter);
  return mapTensors(adapter, (name, size) => {
    const agrees = drawShare(size, share, options.seed ?? 0, name);
    return (i) => {
      const direction = Math.sign(other[name][i]) * (agrees[i] ? 1 : -1);
      return initial[name].data[i] + (direction === 0 ? own[name][i] : direction * Math.abs(own[name][i]));
    };
  });
}

/**
 * The adapter with its change kept at every weight, and its start kept at a given share of the weights of each tensor, drawn by
 * a seed; elsewhere it starts from the numbers of another seed. It no longer has one seed, so its change is not known from it.
 *
 * @param share of starts that are kept, 0 … 1
 * @param otherStart seed of the other start
 * @throws where the adapter's start is not known
 */
export function withStartShared(
  adapter: Adapter,
  otherStart: string | number,
  share: number,
  options: { seed?: string | number } = {},
): Adapter {
  const change = changeOf(adapter);
  const [own, other] = [initialOf(adapter), initialOf({ ...adapter, seed: otherStart })];
  const { seed: _, ...moved } = mapTensors(adapter, (name, size) => {
    const kept = drawShare(size, share, options.seed ?? 0, name);
    return (i) => (kept[i] ? own : other)[name].data[i] + change[name][i];
  });
  return share === 1 ? { ...moved, seed: adapter.seed } : moved;
}

/** Exactly round(share·size) ones among zeros. Throws unless 0 ≤ share ≤ 1. */
function drawShare(size: number, share: number, seed: string | number, name: string): Uint8Array {
  if (!(share >= 0 && share <= 1)) throw new Error(`The share lies between 0 and 1; ${share} does not.`);
  const order = createRandom(seed)
    .fork(name)
    .shuffle(Array.from({ length: size }, (_, i) => i));
  const chosen = new Uint8Array(size);
  for (const i of order.slice(0, Math.round(share * size))) chosen[i] = 1;
  return chosen;
}

function mapTensors(adapter: Adapter, value: (name: string, size: number) => (i: number) => number): Adapter {
  const tensors: NamedTensorData = {};
  for (const [name, { shape, data }] of Object.entries(adapter.tensors)) {
    const at = value(name, data.length);
    tensors[name] = float32(
      shape.slice(),
      Float32Array.from(data, (_, i) => at(i)),
    );
  }
  return { ...adapter, tensors };
}
