import { type Adapter, requireAdapter } from "../adapters/adapter.js";
import { assertComparable, type ComparableOptions } from "./comparable.js";
import { changeOf } from "./initialisation.js";

/**
 * FSD of the changes of two adapters from their starts, in which each weight counts by the sizes of both changes: Σ|δ_a δ_b|
 * over the weights whose changes differ in sign, as a share of the same sum over all. 0 where one of them has not changed.
 *
 * By hand: changes [1 −2 3] and [2 1 −1] differ at the second and third weight, 2 + 3 of 2 + 2 + 3, so 5/7.
 * Throws, naming the difference, where the two cannot be compared, or where a start is not known.
 */
export function weightedSignDifference(
  a: Adapter,
  b: Adapter,
  options: Pick<ComparableOptions, "anyEncoder"> = {},
): number {
  for (const one of [a, b]) requireAdapter(one, "weightedSignDifference");
  assertComparable([a, b], { anyEncoder: options.anyEncoder });
  const [left, right] = [changeOf(a), changeOf(b)];
  let [against, all] = [0, 0];
  for (const [name, own] of Object.entries(left)) {
    const other = right[name];
    for (let i = 0; i < own.length; i++) {
      const term = own[i] * other[i];
      all += Math.abs(term);
      if (term < 0) against -= term;
    }
  }
  return all === 0 ? 0 : against / all;
}
