import type { StoredResult } from "./canonical-rows.js";

/*
 * What was made from which units. Rows of units are known by object; what an analysis makes of them says from what, and
 * figures and tables say it in turn. Nothing of it stands in the rows themselves, so that they stay plain data.
 */
const results = new WeakMap<object, StoredResult>();
const sources = new WeakMap<object, readonly unknown[]>();

/** Notes of a unit's row where it comes from. */
export function noteResult(result: StoredResult): StoredResult {
  results.set(result.row, result);
  return result;
}

/**
 * Notes what something was made from: rows of units, or what was made of them, alone or in lists. Of a list, each of its
 * items that has no note of its own is noted too.
 * @returns what was made
 */
export function madeFrom<T extends object>(made: T, ...from: readonly unknown[]): T {
  sources.set(made, from);
  if (Array.isArray(made)) {
    for (const item of made) {
      if (isObject(item) && !sources.has(item) && !results.has(item)) sources.set(item, from);
    }
  }
  return made;
}

/** The results of the units behind some things, each once, sorted by key. Lists, maps and records are looked into. */
export function resultsBehind(...things: readonly unknown[]): StoredResult[] {
  const found = new Map<string, StoredResult>();
  const seen = new Set<object>();
  const waiting: unknown[] = [...things];
  for (let thing = waiting.pop(); thing !== undefined || waiting.length > 0; thing = waiting.pop()) {
    if (!isObject(thing) || seen.has(thing) || ArrayBuffer.isView(thing)) continue;
    seen.add(thing);
    const result = results.get(thing);
    if (result) found.set(result.key, result);
    else waiting.push(...(sources.get(thing) ?? partsOf(thing)).filter(isObject));
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function partsOf(thing: object): unknown[] {
  if (Array.isArray(thing)) return thing;
  if (thing instanceof Map) return [...thing.values()];
  return Object.values(thing);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
