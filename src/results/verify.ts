import { createRandom } from "../engine/random.js";
import type { ResultsContext } from "./context.js";
import { type Difference, recompute, withAdaptersAtHand } from "./recompute.js";
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
 * Nothing is stored. Units whose trained adapters are not at hand are not drawn.
 */
export async function verifyResults(context: ResultsContext, options: VerifyOptions): Promise<Verification> {
  const { sample, seed = "verify", kinds = context.store.storedKinds() } = options;
  const canRun = withAdaptersAtHand(context);
  const drawn: { kind: string; rows: number; chosen: StoredResult[] }[] = [];
  for (const kind of kinds) {
    const fitting: StoredResult[] = [];
    for (const result of context.store.all(kind)) {
      const { unit } = result;
      if (unit.code === context.codeOf(unit) && (await context.hasTodaysInputs(unit))) fitting.push(result);
    }
    const able = fitting.filter(({ unit }) => canRun(unit));
    const chosen = createRandom(seed).fork(kind).shuffle(able).slice(0, sample);
    drawn.push({ kind, rows: fitting.length, chosen });
  }
  const stored = drawn.flatMap(({ chosen }) => chosen);
  options.onStart?.(stored.map(({ unit }) => unit));
  const { differences, seconds } = await recompute(context, stored, undefined, options.signal);
  let next = 0;
  const verified = drawn.map(({ kind, rows, chosen }) => ({
    ...{ kind, rows },
    seconds: chosen.map(() => seconds[next++]),
  }));
  return { kinds: verified, differences };
}
