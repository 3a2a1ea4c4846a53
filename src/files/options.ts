/** Names of a type with several forms, those of all forms together. */
type KeysOf<T> = T extends unknown ? keyof T : never;

/** Every option of a type by name, so that the compiler finds a list that lacks one or has one too many. */
export type OptionNames<T> = Readonly<Record<KeysOf<T>, true>>;

/**
 * Refuses options that a function does not have, which would otherwise be ignored in silence.
 *
 * @param given what the caller passed
 * @param known every option of the function
 * @param whose the function as errors call it, such as "domainFromTable"
 * @throws Error naming the unknown option, the nearest known one, and all there are
 */
export function checkOptions<T>(given: T | undefined, known: OptionNames<T>, whose: string): void {
  if (given === undefined) return;
  requireOptions(given, whose, Object.keys(known)[0]);
  const unknown = Object.keys(given as object).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  throw new Error(`"${unknown}" is no option of ${whose}${suggestion(unknown, Object.keys(known))}.`);
}

/**
 * Refuses what is no object of options. For functions whose options cannot be left out, or are handed on with others.
 *
 * @param example one of the options
 */
export function requireOptions(given: unknown, whose: string, example: string): void {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return;
  throw new Error(`The options of ${whose} are an object such as { ${example}: … }, not ${kindOf(given)}.`);
}

/** "; did you mean "steps"? It has …", or what there is where nothing is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearestName(word, known);
  const all = known.length > 24 ? `${known.slice(0, 24).join(", ")}, …` : known.join(", ");
  return near === undefined ? `; it has ${all}` : `; the nearest is "${near}" (of ${all})`;
}

/**
 * The name that a word was most likely meant to be: equal but for case and marks, an abbreviation (`lr` of
 * `learningRate`), a part of it, or within a third of its letters by edits; undefined where none is near.
 */
export function nearestName(word: string, known: readonly string[]): string | undefined {
  const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const wanted = bare(word).slice(0, 60);
  if (wanted === "") return undefined;
  const initials = (name: string) => bare(name.replace(/(?<=.)[a-z]+/g, ""));
  const exact = known.find((name) => bare(name) === wanted) ?? known.find((name) => initials(name) === wanted);
  if (exact !== undefined) return exact;
  const ranked = known
    .map((name) => ({ name, distance: editDistance(wanted, bare(name)) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.max(wanted.length, bare(name).length) / 3))
    .sort((a, b) => a.distance - b.distance);
  if (ranked.length > 0) return ranked[0].name;
  const inside = (name: string) =>
    bare(name).includes(wanted) || (bare(name).length > 2 && wanted.includes(bare(name)));
  return wanted.length > 2 ? known.find(inside) : undefined;
}

/** Least number of letters put in, left out, changed or swapped with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(change, last[j] + 1, row[j - 1] + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
