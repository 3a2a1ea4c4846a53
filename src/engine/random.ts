import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A seeded generator of random numbers, the only source of chance in signmix. */
export interface Random {
  /** A float64 in [0, 1). */
  uniform(): number;
  /** A draw from N(0, 1) by the Box–Muller transform. */
  normal(): number;
  /** An integer in [0, n). */
  integer(n: number): number;
  /** One of `items`. */
  choice<T>(items: readonly T[]): T;
  /** A shuffled copy of `items` (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** A generator of its own stream, fixed by this generator's seed and `name`, not by what was drawn before. */
  fork(name: string | number): Random;
}

/** Refuses what is no seed: a seed that is missing by mistake would draw the same numbers for all. */
export function requireSeed(seed: unknown): asserts seed is string | number {
  if (typeof seed === "string" || (typeof seed === "number" && Number.isFinite(seed))) return;
  const kind = typeof seed === "number" || seed === null ? seed : `of type ${typeof seed}`;
  throw new Error(`A seed is a text or a finite number, not ${seed === undefined ? "left out" : kind}.`);
}

/**
 * A generator seeded by any string or number: the same seed gives the same numbers on every machine.
 * The seed is hashed (SHA-256), so near seeds give unrelated streams.
 * @throws if the seed is neither
 */
export function createRandom(seed: string | number): Random {
  requireSeed(seed);
  const seedState = createHash("sha256").update(String(seed)).digest().readInt32LE(0);
  const generator = xoroshiro128plus(seedState);
  const uniform = () => uniformFloat64(generator);
  const integer = (n: number) => {
    if (!(Number.isInteger(n) && n > 0)) throw new Error(`integer(n) needs a whole n ≥ 1, not ${n}.`);
    return uniformInt(generator, 0, n - 1);
  };
  let spare: number | undefined;
  return {
    uniform,
    integer,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    choice(items) {
      return items[integer(items.length)];
    },
    shuffle(items) {
      const copy = items.slice();
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [copy[i], copy[j]] = [copy[j], copy[i]];
      }
      return copy;
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  };
}
