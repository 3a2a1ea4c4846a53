import type { Random } from "../engine/random.js";
import { hasFields, refuseArgument, shownArgument } from "../files/arguments.js";
import { requireOptions } from "../files/options.js";
import { type Example, requireExamples } from "./domain.js";

/** How many rows a subsample keeps of each part. */
export interface SubsampleOptions {
  /**
   * `equal` (default): the same number of every label, until a rare label runs out and the others make up for it.
   * `proportional`: each label keeps its share.
   */
  balance?: "equal" | "proportional";
}

/**
 * A seeded subsample of at most `size` examples, in their original order. Subsamples are nested: with one seed, the
 * examples of a smaller `equal` subsample are all in a larger one.
 */
export function subsample(
  examples: readonly Example[],
  size: number,
  random: Random,
  options: SubsampleOptions = {},
): Example[] {
  requireExamples(examples, "subsample");
  if (!hasFields(random, { fork: "function" }))
    refuseArgument(random, "subsample takes a generator, createRandom(seed), third");
  requireOptions(options, "subsample", "balance");
  const { balance = "equal" } = options;
  if (!(Number.isInteger(size) && size > 0)) {
    throw new Error(`A subsample needs a whole size ≥ 1, not ${shownArgument(size)}.`);
  }
  if (size >= examples.length) return examples.slice();
  const byLabel = indicesByLabel(examples, random);
  const taken = balance === "equal" ? takeEqual(byLabel, size) : takeProportional(byLabel, size, examples.length);
  return taken.sort((a, b) => a - b).map((i) => examples[i]);
}

/** Shuffled example indices of each label, labels in ascending order. */
export function indicesByLabel(examples: readonly Example[], random: Random): number[][] {
  const groups = new Map<number, number[]>();
  examples.forEach(({ label }, i) => {
    const group = groups.get(label);
    if (group) group.push(i);
    else groups.set(label, [i]);
  });
  return [...groups.keys()].sort((a, b) => a - b).map((label) => random.fork(label).shuffle(groups.get(label) ?? []));
}

function takeEqual(byLabel: readonly number[][], size: number): number[] {
  const taken: number[] = [];
  for (let turn = 0; taken.length < size; turn++) {
    for (const indices of byLabel) {
      if (turn < indices.length && taken.length < size) taken.push(indices[turn]);
    }
  }
  return taken;
}

/** Largest-remainder shares of `size`. */
function takeProportional(byLabel: readonly number[][], size: number, total: number): number[] {
  const exact = byLabel.map((indices) => (indices.length * size) / total);
  const counts = exact.map(Math.floor);
  const order = exact.map((_, i) => i).sort((a, b) => exact[b] - counts[b] - (exact[a] - counts[a]) || a - b);
  const missing = size - counts.reduce((sum, n) => sum + n, 0);
  for (let i = 0; i < missing; i++) counts[order[i]]++;
  return byLabel.flatMap((indices, i) => indices.slice(0, counts[i]));
}
