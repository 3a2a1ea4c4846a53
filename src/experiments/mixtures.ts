import { signMapOf } from "../signs/adapter-signs.js";
import { compareSigns, type SignDifferenceOptions } from "../signs/sign-difference.js";
import { trainedAdapter } from "./adapter-library.js";
import { type EvaluateRow, evaluateUnit } from "./evaluate-unit.js";
import { type RunOptions, runStudy } from "./run-study.js";
import type { Study } from "./study.js";
import type { TrainRow } from "./train-unit.js";

/** A mixture tested on one of the domains that went into it. Accuracies are shares of the test examples. */
export interface MixtureResult {
  target: string;
  /** The domains mixed, the target among them. */
  members: string[];
  size: number;
  accuracy: number;
  /** Accuracy of the target's own adapter alone. */
  single: number;
  /** Accuracy of θ₀ + (θ − θ₀)/size, the target's adapter diluted without any conflict. */
  diluted: number;
  /** single − accuracy, in points. */
  drop: number;
  /** single − diluted, in points. */
  dilution: number;
  /** diluted − accuracy, in points. */
  interference: number;
}

/**
 * Mixes subsets of trained adapters (of one method and one seed) uniformly, and tests each mixture on the domains of its
 * members, with each domain's own head.
 *
 * @param singles rows of `trainSingles`
 * @param subsets lists of positions in `singles`, such as `enumerateMixtures` gives
 * @returns one result per subset and member, in order; subsets of one are the single adapters
 */
export async function mixSubsets(
  study: Study,
  singles: readonly TrainRow[],
  subsets: readonly (readonly number[])[],
  options: RunOptions = {},
): Promise<MixtureResult[]> {
  const tests = subsets.flatMap((members) => members.map((target) => ({ members, target })));
  const units = [];
  for (const { members, target } of tests) {
    const { adapter } = singles[target];
    const domain = await study.domain(singles[target].domain);
    const of = members.map((member) => singles[member].adapter);
    units.push(evaluateUnit(study, domain, adapter, { make: "mixture", of }));
    units.push(evaluateUnit(study, domain, adapter, { make: "diluted", of: adapter, by: members.length }));
  }
  const results = await runStudy(study, units, options);
  return tests.map(({ members, target }, i) => {
    const { accuracy } = results[2 * i].row as EvaluateRow;
    const { accuracy: diluted } = results[2 * i + 1].row as EvaluateRow;
    const { accuracy: single } = singles[target];
    return {
      target: singles[target].domain,
      members: members.map((member) => singles[member].domain),
      size: members.length,
      accuracy,
      single,
      diluted,
      drop: 100 * (single - accuracy),
      dilution: 100 * (single - diluted),
      interference: 100 * (diluted - accuracy),
    };
  });
}

/** FSD of every pair of trained adapters, in the order of `singles`; zero on the diagonal. */
export function pairwiseFsd(
  study: Study,
  singles: readonly TrainRow[],
  options: SignDifferenceOptions = {},
): number[][] {
  const maps = singles.map((row) => signMapOf(trainedAdapter(study, row.adapter).adapter, options));
  return maps.map((a, i) => maps.map((b, j) => (i === j ? 0 : compareSigns(a, b, options.zeros).overall)));
}

/** Anchored FSD of a set: the mean over its other members of their FSD with the target. Undefined for a set of one. */
export function anchoredFsd(
  matrix: readonly (readonly number[])[],
  members: readonly number[],
  target: number,
): number {
  const others = members.filter((member) => member !== target);
  if (others.length === 0) throw new Error("Anchored FSD needs another adapter beside the target's.");
  return others.reduce((sum, member) => sum + matrix[target][member], 0) / others.length;
}
