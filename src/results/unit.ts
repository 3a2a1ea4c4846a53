import { canonicalJson, sha256 } from "../files/hash.js";

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
  return sha256(canonicalJson([unit.kind, unit.settings, unit.code])).slice(0, 32);
}
