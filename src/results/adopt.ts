import { createRandom } from "../engine/random.js";
import type { ResultsContext } from "./context.js";
import { type Draw, drawing } from "./draw.js";
import { type Difference, differencesOf, recompute } from "./recompute.js";
import type { StoredResult } from "./store.js";
import { type Unit, unitKey } from "./unit.js";

export interface AdoptOptions {
  /** Units recomputed for each kind and each old state of its code. */
  sample: number;
  /** The kinds looked at; all that are stored by default. */
  kinds?: readonly string[];
  /** Seed of the choice of units. */
  seed?: string | number;
  /** Recompute and tell, but change nothing. */
  dryRun?: boolean;
  signal?: AbortSignal;
  /** Told what is recomputed before it begins. */
  onStart?: (units: readonly Unit[]) => void;
}

/** What there is to adopt of one kind, from one old state of its code. */
export interface AdoptedGroup {
  kind: string;
  /** The old code hash. */
  code: string;
  /** Rows that would be, or were, re-keyed. */
  rows: number;
  /** Rows of other inputs (another encoder, other texts), which are left as they are. */
  otherInputs: number;
  /** Units recomputed. */
  sampled: number;
}

export interface Adoption {
  groups: AdoptedGroup[];
  differences: Difference[];
  /** Groups none of whose rows could be recomputed, or too few, with the reason. */
  uncertain: string[];
  /** Whether the store was changed. */
  changed: boolean;
}

interface Group {
  kind: string;
  code: string;
  fitting: StoredResult[];
  otherInputs: number;
  sample: StoredResult[];
}

/**
 * Re-keys rows whose units differ from today's in nothing but the hash of the code, after a refactoring: for each kind and
 * each old code a seeded sample of units is recomputed, and all must give equal rows and equal files. If one differs, or too
 * few can be recomputed, nothing is changed. Adapters that the sample needs and whose files are gone are trained again first.
 */
export async function adoptResults(context: ResultsContext, options: AdoptOptions): Promise<Adoption> {
  const kinds = options.kinds ?? context.store.storedKinds();
  const draw = await drawing(context);
  const groups: Group[] = [];
  for (const kind of kinds) groups.push(...(await groupsOf(context, kind, draw, options)));
  const uncertain = groups.flatMap(({ kind, code, fitting, sample }) => {
    const needed = Math.min(options.sample, fitting.length);
    if (sample.length >= needed) return [];
    return `${kind}, code ${code.slice(0, 8)}: ${sample.length} of ${fitting.length} rows can be recomputed, ${needed} are needed; the trained adapters of the others are missing, and no row says how to train them again.`;
  });
  const differences = uncertain.length > 0 ? [] : contradictions(context, groups);
  if (uncertain.length === 0) {
    const old = groups.flatMap(({ sample }) => sample);
    const units = old.map(({ unit }) => todays(context, unit));
    options.onStart?.(units);
    await context.restore(units, options.signal);
    differences.push(...(await recompute(context, old, units, options.signal)).differences);
  }
  const changed = !options.dryRun && uncertain.length === 0 && differences.length === 0 && groups.length > 0;
  if (changed) for (const group of groups) rekey(context, group);
  return {
    groups: groups.map(({ fitting, sample, ...group }) => ({ ...group, rows: fitting.length, sampled: sample.length })),
    ...{ differences, uncertain, changed },
  };
}

/** The stale rows of a kind by their code, with the sample that is recomputed. */
async function groupsOf(
  context: ResultsContext,
  kind: string,
  draw: Draw,
  { sample, seed = "adopt" }: AdoptOptions,
): Promise<Group[]> {
  const byCode = new Map<string, StoredResult[]>();
  for (const result of context.store.all(kind)) {
    const { code } = result.unit;
    if (code !== context.codeOf(result.unit)) byCode.set(code, [...(byCode.get(code) ?? []), result]);
  }
  const groups: Group[] = [];
  for (const [code, results] of byCode) {
    const fitting: StoredResult[] = [];
    for (const result of results) if (await context.hasTodaysInputs(result.unit)) fitting.push(result);
    const chosen = draw(createRandom(seed).fork(`${kind} ${code}`).shuffle(fitting), sample);
    groups.push({ kind, code, fitting, otherInputs: results.length - fitting.length, sample: chosen });
  }
  return groups;
}

/** Old rows of units that today's code has computed already, to something else. */
function contradictions(context: ResultsContext, groups: readonly Group[]): Difference[] {
  return groups.flatMap(({ fitting }) =>
    fitting.flatMap((old) => {
      const unit = todays(context, old.unit);
      const known = context.store.get(unit);
      const how = known ? differencesOf(old, known) : [];
      return how.length > 0 ? { unit, how } : [];
    }),
  );
}

/** Rows that today's code has computed already stay; the old ones go. */
function rekey(context: ResultsContext, { kind, fitting }: Group): void {
  const added = fitting.flatMap(({ unit, row }) => {
    const now = todays(context, unit);
    return context.store.get(now) ? [] : { key: unitKey(now), unit: now, row };
  });
  context.store.replace(kind, fitting, added);
}

/** The unit as today's code names it. @throws where there is no such kind any more */
function todays({ codeOf }: ResultsContext, unit: Unit): Unit {
  const code = codeOf(unit);
  if (code === undefined)
    throw new Error(`There is no kind of unit "${unit.kind}" any more; its rows cannot be adopted.`);
  return { ...unit, code };
}
