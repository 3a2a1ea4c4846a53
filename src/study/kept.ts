import { LRUCache } from "lru-cache";
import type { Json } from "../results/unit.js";

/** Evaluators, attacks and the like that a process holds at once; the one unused for longest is freed. */
const LIMIT = 48;

const held = new LRUCache<string, Promise<object>>({
  max: LIMIT,
  dispose: (value) => void value.then(free).catch(() => {}),
});

/** Frees what holds compiled functions. */
function free(made: object): void {
  if ("dispose" in made && typeof made.dispose === "function") made.dispose();
}

/**
 * What units of one kind share: made at the first call with these parts, and the same at later ones.
 * @param parts all that it depends on, hashes in place of what is large
 */
export function kept<T extends object>(parts: readonly Json[], make: () => T | Promise<T>): Promise<T> {
  const key = JSON.stringify(parts);
  const known = held.get(key) as Promise<T> | undefined;
  if (known) return known;
  const made = Promise.resolve().then(make);
  held.set(key, made);
  made.catch(() => held.delete(key));
  return made;
}
