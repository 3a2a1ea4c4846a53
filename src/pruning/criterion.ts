import { createRandom } from "../engine/random.js";

/** Scores by tensor name, one number to each weight; the lowest are pruned first. */
export type PruneScores = Record<string, Float32Array | Float64Array>;

/** Which weights go first. */
export type Criterion = "magnitude" | "largest" | "random" | PruneScores;

/**
 * Scores of the named tensors: |w| for `magnitude`, −|w| for `largest`, a uniform draw for `random` (a stream to each
 * tensor, so that masks do not depend on the scope), or the numbers given.
 */
export function scoresOf(
  names: readonly string[],
  values: PruneScores,
  criterion: Criterion,
  seed: string | number,
): PruneScores {
  return Object.fromEntries(names.map((name) => [name, tensorScores(name, values[name], criterion, seed)]));
}

function tensorScores(name: string, values: PruneScores[string], criterion: Criterion, seed: string | number) {
  if (typeof criterion === "object") {
    const given = criterion[name];
    if (given?.length !== values.length) {
      throw new Error(`The scores of ${name} must be ${values.length} numbers, not ${given?.length ?? "missing"}.`);
    }
    return given;
  }
  if (criterion === "random") {
    const random = createRandom(seed).fork(name);
    return Float64Array.from(values, () => random.uniform());
  }
  if (criterion === "magnitude") return values.map(Math.abs);
  if (criterion === "largest") return values.map((value) => -Math.abs(value));
  throw new Error(`"${criterion}" is no criterion; use magnitude, largest, random, or scores by tensor name.`);
}
