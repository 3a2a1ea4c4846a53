import { codeOf } from "../chapters/kinds.js";
import { createRandom } from "../engine/random.js";
import type { Study } from "../study/study.js";
import { type Difference, differencesOf, hasTodaysInputs, recompute, withAdaptersAtHand } from "./recompute.js";
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
 * few can be recomputed, nothing is changed.
 */
export async function adoptResults(study: Study, options: AdoptOptions): Promise<Adoption> {
  const kinds = options.kinds ?? study.store.storedKinds();
  const groups: Group[] = [];
  for (const kind of kinds) groups.push(...(await groupsOf(study, kind, options)));
  const uncertain = groups.flatMap(({ kind, code, fitting, sample }) => {
    const needed = Math.min(options.sample, fitting.length);
    if (sample.length >= needed) return [];
    return `${kind}, code ${code.slice(0, 8)}: ${sample.length} of ${fitting.length} rows can be recomputed, ${needed} are needed; the trained adapters of the others are missing, and training restores them.`;
  });
  const differences = uncertain.length > 0 ? [] : contradictions(study, groups);
  if (uncertain.length === 0) {
    const old = groups.flatMap(({ sample }) => sample);
    const units = old.map(({ unit }) => todays(unit));
    options.onStart?.(units);
    differences.push(...(await recompute(study, old, units, options.signal)).differences);
  }
  const changed = !options.dryRun && uncertain.length === 0 && differences.length === 0 && groups.length > 0;
  if (changed) for (const group of groups) rekey(study, group);
  return {
    groups: groups.map(({ fitting, sample, ...group }) => ({ ...group, rows: fitting.length, sampled: sample.length })),
    ...{ differences, uncertain, changed },
  };
}

/** The stale rows of a kind by their code, with the sample that is recomputed. */
async function groupsOf(study: Study, kind: string, { sample, seed = "adopt" }: AdoptOptions): Promise<Group[]> {
  const today = codeOf(kind);
  const byCode = new Map<string, StoredResult[]>();
  for (const result of study.store.all(kind)) {
    const { code } = result.unit;
    if (code !== today) byCode.set(code, [...(byCode.get(code) ?? []), result]);
  }
  const atHand = withAdaptersAtHand(study);
  const groups: Group[] = [];
  for (const [code, results] of byCode) {
    const fitting: StoredResult[] = [];
    for (const result of results) if (await hasTodaysInputs(study, result.unit)) fitting.push(result);
    const canRun = fitting.filter(({ unit }) => atHand(unit));
    const chosen = createRandom(seed).fork(`${kind} ${code}`).shuffle(canRun).slice(0, sample);
    groups.push({ kind, code, fitting, otherInputs: results.length - fitting.length, sample: chosen });
  }
  return groups;
}

/** Old rows of units that today's code has computed already, to something else. */
function contradictions({ store }: Study, groups: readonly Group[]): Difference[] {
  return groups.flatMap(({ fitting }) =>
    fitting.flatMap((old) => {
      const unit = todays(old.unit);
      const known = store.get(unit);
      const how = known ? differencesOf(old, known) : [];
      return how.length > 0 ? { unit, how } : [];
    }),
  );
}

/** Rows that today's code has computed already stay; the old ones go. */
function rekey({ store }: Study, { kind, fitting }: Group): void {
  const added = fitting.flatMap(({ unit, row }) => {
    const now = todays(unit);
    return store.get(now) ? [] : { key: unitKey(now), unit: now, row };
  });
  store.replace(kind, fitting, added);
}

const todays = (unit: Unit): Unit => ({ ...unit, code: codeOf(unit.kind) });
