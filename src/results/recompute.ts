import { existsSync, readFileSync } from "node:fs";
import { canonicalJson } from "../files/hash.js";
import type { ResultsContext } from "./context.js";
import type { Outcome } from "./plan.js";
import type { StoredResult } from "./store.js";
import type { Json, Row, Unit } from "./unit.js";

/** A unit that recomputes to something else than what is stored. */
export interface Difference {
  unit: Unit;
  /** One sentence for each field or file that differs. */
  how: string[];
}

/** What came of computing stored units again. */
export interface Recomputation {
  differences: Difference[];
  /** What each unit took, in the order of the results given. */
  seconds: number[];
}

/**
 * Computes stored results again with today's code, on the study's workers, and compares rows and files. Nothing is stored.
 *
 * @param units the units as they are run, one for each of `stored`; by default its own
 */
export async function recompute(
  context: ResultsContext,
  stored: readonly StoredResult[],
  units: Unit[] = stored.map(({ unit }) => unit),
  signal?: AbortSignal,
): Promise<Recomputation> {
  const differences: Difference[] = [];
  const seconds = stored.map(() => Number.NaN);
  if (units.length === 0) return { differences, seconds };
  await context.run(
    units,
    (outcome, index) => {
      seconds[index] = outcome.seconds ?? Number.NaN;
      const how = differencesOf(stored[index], outcome);
      if (how.length > 0) differences.push({ unit: units[index], how });
    },
    signal,
  );
  return { differences, seconds };
}

/**
 * How an outcome differs from a stored result: row and files must be equal to the last digit and byte. What they were computed
 * on is no difference, but goes with one: on another kind of processor last digits differ.
 */
export function differencesOf({ row }: StoredResult, outcome: Outcome): string[] {
  const short = (value: string) => (value.length > 60 ? `${value.slice(0, 57)}…` : value);
  const differing = differingFields(row, outcome.row);
  const files = (outcome.files ?? []).filter(
    ({ path, bytes }) => existsSync(path) && Buffer.compare(readFileSync(path), bytes) !== 0,
  );
  const how = [
    ...differing.map((name) => `${name} was ${short(text(row[name]))} and is ${short(text(outcome.row[name]))}`),
    ...files.map(({ path }) => `the file ${path} has other bytes`),
  ];
  if (how.length > 0 && row.ran !== outcome.row.ran)
    how.push(`it was computed on ${row.ran}, and now on ${outcome.row.ran}, where last digits may differ`);
  return how;
}

/** Names of the fields in which two rows of one unit differ, but for what they were computed on. */
export function differingFields(a: Row, b: Row): string[] {
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return fields.filter((name) => name !== "ran" && text(a[name]) !== text(b[name]));
}

function text(value: Json | undefined): string {
  return value === undefined ? "absent" : canonicalJson(value);
}

/** Tells of a unit which of the trained adapters that it names are not at hand. */
export function lackedAdapters({ store, hasAdapter }: ResultsContext): (unit: Unit) => string[] {
  const rows = store.storedKinds().flatMap((kind) => store.all(kind));
  const trained = new Set(rows.flatMap(({ row }) => (typeof row.adapter === "string" ? row.adapter : [])));
  return ({ settings }) => textsIn(settings).filter((text) => trained.has(text) && !hasAdapter(text));
}

/** Every text in a value. */
export function textsIn(value: Json): string[] {
  if (typeof value === "string") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(textsIn) : [];
}
