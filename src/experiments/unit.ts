import { createHash } from "node:crypto";

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * One expensive step: one adapter trained, one mixture tested on one domain, one example attacked.
 * Its key names everything that its result depends on, so that a changed setting never finds an old result.
 */
export interface Unit {
  kind: string;
  /** Settings and the hashes of inputs. */
  settings: { [key: string]: Json };
  /** Hash of the compiled modules that this kind of unit runs (see codeHash). */
  code: string;
}

/** What a unit left behind: numbers only, no clock times and no machine names. */
export type Row = { [key: string]: Json };

/** SHA-256 of a unit's kind, settings and code, 32 hex digits of it. */
export function unitKey(unit: Unit): string {
  return createHash("sha256")
    .update(canonicalJson([unit.kind, unit.settings, unit.code]))
    .digest("hex")
    .slice(0, 32);
}

/** JSON with sorted keys and no spaces: equal values give equal text. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
    return `{${entries.join(",")}}`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Error(`${value} cannot be stored in a result; results hold finite numbers.`);
  }
  return JSON.stringify(value);
}
