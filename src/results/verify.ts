import { createRandom } from "../engine/random.js";
import type { ResultsContext } from "./context.js";
import { drawing } from "./draw.js";
import { type Difference, recompute } from "./recompute.js";
import type { StoredResult } from "./store.js";
import type { Unit } from "./unit.js";

export interface VerifyOptions {
  /** Units computed again for each kind. */
  sample: number;
  /** The kinds looked at; all that are stored by default. */
  kinds?: readonly string[];
  /** Seed of the choice of units. */
  seed?: string | number;
  signal?: AbortSignal;
  /** Told what is computed before it begins. */
  onStart?: (units: readonly Unit[]) => void;
}

/** What computing a kind's sample again showed. */
export interface VerifiedKind {
  kind: string;
  /** Rows of today's code, this encoder and these texts. */
  rows: number;
  /** Seconds that each unit of the sample took, in no order that means anything. */
  seconds: number[];
}

export interface Verification {
  kinds: VerifiedKind[];
  differences: Difference[];
}

/**
 * Computes a seeded sample of the stored units of each kind again, and compares rows and files to the last digit and byte.
 * Nothing is stored. Adapters whose files are gone are trained again first.
 */
export async function verifyResults(context: ResultsContext, options: VerifyOptions): Promise<Verification> {
  const { sample, seed = "verify", kinds = context.store.storedKinds() } = options;
  const draw = await drawing(context);
  const drawn: { kind: string; rows: number; chosen: StoredResult[] }[] = [];
  for (const kind of kinds) {
    const fitting: StoredResult[] = [];
    for (const result of context.store.all(kind)) {
      const { unit } = result;
      if (unit.code === context.codeOf(unit) && (await context.hasTodaysInputs(unit))) fitting.push(result);
    }
    const chosen = draw(createRandom(seed).fork(kind).shuffle(fitting), sample);
    drawn.push({ kind, rows: fitting.length, chosen });
  }
  const stored = drawn.flatMap(({ chosen }) => chosen);
  const units = stored.map(({ unit }) => unit);
  options.onStart?.(units);
  await context.restore(units, options.signal);
  const { differences, seconds } = await recompute(context, stored, undefined, options.signal);
  let next = 0;
  const verified = drawn.map(({ kind, rows, chosen }) => ({
    ...{ kind, rows },
    seconds: chosen.map(() => seconds[next++]),
  }));
  return { kinds: verified, differences };
}
