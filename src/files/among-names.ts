import { nearestName, suggestion } from "./options.js";

/** What follows "there is no such name": the nearest one, and all there are. */
export function amongNames(name: string, known: readonly string[]): string {
  return nearestName(name, known) === undefined ? `; there are ${known.join(", ")}` : suggestion(name, known);
}
