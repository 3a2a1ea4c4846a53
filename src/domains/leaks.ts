import { checkOptions } from "../files/options.js";
import { type Domain, type Example, requireDomain, type SplitName } from "./domain.js";

/** What counts as a leak between train and test. */
export interface LeakOptions {
  /** Jaccard similarity of word shingles from which two texts are near duplicates. Default 0.8. */
  threshold?: number;
  /** Words per shingle. Default 3. */
  shingle?: number;
}

/** An example of one split that is, wholly or in part, in another. Indices count from 0. */
export interface Leak {
  /** `exact`: equal apart from case, punctuation and spacing; `near`: similar; `side`: one text of a pair is shared. */
  kind: "exact" | "near" | "side";
  splits: [SplitName, SplitName];
  indices: [number, number];
  /** Jaccard similarity of word shingles; 1 for exact duplicates and shared sides. */
  similarity: number;
}

const splitPairs: readonly [SplitName, SplitName][] = [
  ["train", "dev"],
  ["train", "test"],
  ["dev", "test"],
];

/** Lower case, letters and digits only, single spaces: two texts with equal results count as one text. */
export function normalisedText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * Finds examples shared between splits. Each example of the later split is reported at most once for each pair of
 * splits, by its worst kind: an exact duplicate, else a near one, else (pairs) a shared side.
 *
 * Near duplicates: J(A, B) = |A ∩ B| / |A ∪ B| over sets of word shingles. Only texts that share a shingle are
 * compared, and by prefix filtering (Chaudhuri et al. 2006) only those that share one of the
 * |A| − ⌈threshold·|A|⌉ + 1 rarest, so the result is that of comparing all pairs.
 */
export function findLeaks(domain: Domain, options: LeakOptions = {}): Leak[] {
  requireDomain(domain, "findLeaks");
  checkOptions(options, { threshold: true, shingle: true }, "findLeaks");
  const { threshold = 0.8, shingle = 3 } = options;
  if (!(threshold > 0 && threshold <= 1)) throw new Error(`threshold must lie in (0, 1], not ${threshold}.`);
  return splitPairs.flatMap(([earlier, later]) => {
    const found = leaksBetween(domain[earlier], domain[later], threshold, shingle);
    return found.map((leak) => ({ ...leak, splits: [earlier, later] as [SplitName, SplitName] }));
  });
}

function leaksBetween(earlier: readonly Example[], later: readonly Example[], threshold: number, shingle: number) {
  const whole = (example: Example) => normalisedText(`${example.text} ${example.textPair ?? ""}`);
  const exact = new Map(earlier.map((example, i) => [whole(example), i]));
  const sides = new Map(
    earlier.flatMap(({ text, textPair }, i) =>
      textPair === undefined ? [] : [[normalisedText(text), i] as const, [normalisedText(textPair), i] as const],
    ),
  );
  const nearest = nearestNeighbours(earlier.map(whole), later.map(whole), threshold, shingle);
  const leaks: Omit<Leak, "splits">[] = [];
  later.forEach((example, j) => {
    const same = exact.get(whole(example));
    const near = nearest[j];
    const side =
      example.textPair === undefined
        ? undefined
        : (sides.get(normalisedText(example.text)) ?? sides.get(normalisedText(example.textPair)));
    if (same !== undefined) leaks.push({ kind: "exact", indices: [same, j], similarity: 1 });
    else if (near) leaks.push({ kind: "near", indices: [near.index, j], similarity: near.similarity });
    else if (side !== undefined) leaks.push({ kind: "side", indices: [side, j], similarity: 1 });
  });
  return leaks;
}

/** For each of `queries` the most similar of `texts`, if its Jaccard similarity reaches the threshold. */
function nearestNeighbours(texts: readonly string[], queries: readonly string[], threshold: number, size: number) {
  const shingles = texts.map((text) => shinglesOf(text, size));
  const queryShingles = queries.map((text) => shinglesOf(text, size));
  const frequency = new Map<string, number>();
  for (const set of [...shingles, ...queryShingles]) {
    for (const item of set) frequency.set(item, (frequency.get(item) ?? 0) + 1);
  }
  // Rarest first; ties in the order of the strings, so that both sides agree.
  const prefix = (set: ReadonlySet<string>) =>
    [...set]
      .sort((a, b) => (frequency.get(a) ?? 0) - (frequency.get(b) ?? 0) || (a < b ? -1 : 1))
      .slice(0, set.size - Math.ceil(threshold * set.size) + 1);
  const holders = new Map<string, number[]>();
  shingles.forEach((set, i) => {
    for (const item of prefix(set)) {
      const list = holders.get(item);
      if (list) list.push(i);
      else holders.set(item, [i]);
    }
  });
  return queryShingles.map((set) => {
    let best: { index: number; similarity: number } | undefined;
    for (const index of new Set(prefix(set).flatMap((item) => holders.get(item) ?? []))) {
      const similarity = jaccard(set, shingles[index]);
      if (similarity >= threshold && similarity > (best?.similarity ?? 0)) best = { index, similarity };
    }
    return best;
  });
}

function shinglesOf(normalised: string, size: number): Set<string> {
  const words = normalised.split(" ");
  if (words.length < size) return new Set([normalised]);
  return new Set(words.slice(0, words.length - size + 1).map((_, i) => words.slice(i, i + size).join(" ")));
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const item of a) if (b.has(item)) shared++;
  return shared / (a.size + b.size - shared);
}
