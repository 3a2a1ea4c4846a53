import { type Adapter, requireAdapters } from "../adapters/adapter.js";
import { requireOptions } from "../files/options.js";
import { signMapOf } from "./adapter-signs.js";
import { assertComparable } from "./comparable.js";
import { compareSigns, type SignDifferenceOptions } from "./sign-difference.js";

/**
 * The matrix S of algorithm 3: FSD of every pair of adapters, symmetric, zero on the diagonal. [adapters, adapters]
 * Throws, naming the difference, where two of them cannot be compared.
 * Nguyen & Le (2024), algorithm 3 and figures 4 and 9.
 */
export function signDifferenceMatrix(adapters: readonly Adapter[], options: SignDifferenceOptions = {}): number[][] {
  requireAdapters(adapters, "signDifferenceMatrix");
  requireOptions(options, "signDifferenceMatrix", "zeros");
  if (adapters.length > 0) {
    assertComparable(adapters, { anyEncoder: options.anyEncoder, anyRank: options.space === "product" });
  }
  const maps = adapters.map((adapter) => signMapOf(adapter, options));
  const matrix = maps.map(() => new Array<number>(maps.length).fill(0));
  maps.forEach((map, i) => {
    for (let j = 0; j < i; j++) matrix[i][j] = matrix[j][i] = compareSigns(map, maps[j], options.zeros).overall;
  });
  return matrix;
}
