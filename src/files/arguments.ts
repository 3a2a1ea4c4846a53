import { listed } from "./listed.js";
import { shownValue } from "./shown.js";

/**
 * Refuses an argument of a public function in words of our own, before JavaScript stumbles over it.
 *
 * @param takes which function or argument, and what it takes: "mixAdapters takes a list of adapters"
 * @throws Error with `takes`, and what was given in its place
 */
export function refuseArgument(value: unknown, takes: string): never {
  throw new Error(`${takes}; ${shownArgument(value)} was given.`);
}

/** @throws where the argument is no text, or an empty one */
export function requireText(value: unknown, takes: string): void {
  if (typeof value !== "string" || value === "") refuseArgument(value, takes);
}

/** @throws where the argument is no finite number */
export function requireNumber(value: unknown, takes: string): void {
  if (!Number.isFinite(value)) refuseArgument(value, takes);
}

/** @throws where the argument is no list; `each` says of a member whether it is one that the list may hold */
export function requireList(value: unknown, takes: string, each?: (member: unknown) => boolean): void {
  if (!Array.isArray(value)) refuseArgument(value, takes);
  const stray = each ? value.findIndex((member) => !each(member)) : -1;
  if (stray >= 0) {
    throw new Error(`${takes}; ${shownArgument(value[stray])} was given as number ${stray + 1} of ${value.length}.`);
  }
}

/** Whether a value has all these fields, of the types said. A list, or nothing, has none. */
export function hasFields(value: unknown, fields: Record<string, "text" | "list" | "object" | "function">): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(fields).every(([name, type]) => {
    const field = (value as Record<string, unknown>)[name];
    if (type === "list") return Array.isArray(field);
    if (type === "object") return typeof field === "object" && field !== null && !Array.isArray(field);
    return typeof field === (type === "text" ? "string" : type);
  });
}

/** What was given as an argument, in a few words however large it is: an encoder is not written out. */
export function shownArgument(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (value instanceof Promise) return "a promise (await it)";
  if (ArrayBuffer.isView(value)) return `an array of ${value.byteLength} bytes`;
  if (typeof value !== "object" || value === null) return shownValue(value);
  const names = Object.keys(value);
  return names.length === 0 ? "an empty object" : `an object of ${listed(names.slice(0, 8))}`;
}
