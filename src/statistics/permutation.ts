import { createRandom, type Random } from "../engine/random.js";

/** How a permutation test is run. */
export interface PermutationOptions {
  /** Default 10,000. */
  permutations?: number;
  seed?: string | number;
}

/** A statistic beside what relabelling gives. */
export interface PermutationTest {
  observed: number;
  /** Share of the relabellings, the observed one among them, whose statistic is at least as far from 0. */
  p: number;
  /** The standard deviation of the statistic over relabellings. */
  spread: number;
}

/** Draws nearer to the observed one than this are ties. */
const TIE = 1e-12;

/**
 * A permutation test: `statistic` is asked for the data as they are and for relabellings of them. A statistic that is
 * not defined for a relabelling (nothing varies) counts as 0.
 *
 * @throws if the observed statistic is not defined
 */
export function permutationTest<Labels>(
  given: Labels,
  relabel: (random: Random) => Labels,
  statistic: (labels: Labels) => number,
  options: PermutationOptions = {},
): PermutationTest {
  const { permutations = 10_000, seed = "permutation" } = options;
  const observed = statistic(given);
  if (!Number.isFinite(observed)) throw new Error("The statistic is not defined for the data as they are.");
  const random = createRandom(seed);
  let asFar = 1; // the observed labelling is one of all
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < permutations; i++) {
    const drawn = statistic(relabel(random));
    const value = Number.isNaN(drawn) ? 0 : drawn;
    if (Math.abs(value) >= Math.abs(observed) - TIE) asFar++;
    sum += value;
    squares += value * value;
  }
  const mean = sum / permutations;
  return {
    observed,
    p: asFar / (permutations + 1),
    spread: Math.sqrt(Math.max(0, squares / permutations - mean ** 2)),
  };
}

/**
 * Permutes domains: all rows share the same few domains and so are not independent, but which domain bears which name
 * does not matter if there is no association. `statistic` gets the label that each domain is to have in the explaining
 * data, so `label[d]` is read where d would be.
 */
export function permuteDomains(
  domains: number,
  statistic: (label: readonly number[]) => number,
  options: PermutationOptions = {},
): PermutationTest {
  const identity = Array.from({ length: domains }, (_, d) => d);
  return permutationTest<readonly number[]>(identity, (random) => random.shuffle(identity), statistic, options);
}

/**
 * Permutes what was randomised, such as starts, within the strata in which it was (a target, say, or a target and a
 * length): the test that a randomised design itself justifies.
 *
 * @param assigned what each row was given
 */
export function permuteAssigned<T>(
  assigned: readonly T[],
  strata: readonly (string | number)[],
  statistic: (assigned: readonly T[]) => number,
  options: PermutationOptions = {},
): PermutationTest {
  if (assigned.length !== strata.length) {
    throw new Error(`${assigned.length} rows were assigned, ${strata.length} strata were given; give one to each row.`);
  }
  const rows = rowsOfStrata(strata);
  const relabel = (random: Random) => {
    const drawn = assigned.slice();
    for (const members of rows) {
      random.shuffle(members).forEach((from, i) => {
        drawn[members[i]] = assigned[from];
      });
    }
    return drawn;
  };
  return permutationTest<readonly T[]>(assigned, relabel, statistic, options);
}

/** Rows by stratum, strata in the order in which they first appear. */
export function rowsOfStrata(strata: readonly (string | number)[]): number[][] {
  const rows = new Map<string | number, number[]>();
  strata.forEach((stratum, i) => {
    const members = rows.get(stratum);
    if (members) members.push(i);
    else rows.set(stratum, [i]);
  });
  return [...rows.values()];
}
