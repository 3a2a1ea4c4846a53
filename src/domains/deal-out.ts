import { createRandom, type Random } from "../engine/random.js";
import { type Example, type SplitName, splitNames } from "./domain.js";
import { normalisedText } from "./leaks.js";

/** How examples are dealt out to the splits. */
export interface DealOptions {
  /** Shares of dev and test; a split with the share 0 gets none. */
  shares: { dev: number; test: number };
  seed: string | number;
}

/**
 * Deals examples out to train, dev and test, label by label and by a seed; equal texts (apart from case and spacing) always go to
 * one split together.
 */
export function dealOut<One extends Example>(
  examples: readonly One[],
  { shares, seed }: DealOptions,
): Record<SplitName, One[]> {
  const parts: Record<SplitName, One[]> = { train: [], dev: [], test: [] };
  for (const group of groupsByLabel(examples, createRandom(seed))) {
    const size = group.reduce((sum, same) => sum + same.length, 0);
    let dealt = 0;
    for (const same of group) {
      const split = dealt < shares.test * size ? "test" : dealt < (shares.test + shares.dev) * size ? "dev" : "train";
      for (const example of same) parts[split].push(example);
      dealt += same.length;
    }
  }
  return parts;
}

/**
 * Deals dev and test out of train where they are missing.
 *
 * @returns the splits, and which of them were dealt
 */
export function dealMissing<One extends Example>(
  given: Record<SplitName, One[]>,
  { shares, seed }: DealOptions,
): { parts: Record<SplitName, One[]>; dealt: SplitName[] } {
  const dealt = splitNames.filter((split) => split !== "train" && given[split].length === 0);
  if (dealt.length === 0) return { parts: given, dealt };
  const share = (split: "dev" | "test") => (dealt.includes(split) ? shares[split] : 0);
  const parts = dealOut(given.train, { shares: { dev: share("dev"), test: share("test") }, seed });
  return {
    parts: { train: parts.train, dev: [...given.dev, ...parts.dev], test: [...given.test, ...parts.test] },
    dealt,
  };
}

/** @throws Error unless the shares leave something to every split */
export function checkShares({ dev, test }: DealOptions["shares"]): void {
  if (!(dev > 0 && test > 0 && dev + test < 1)) {
    throw new Error(`Shares of dev (${dev}) and test (${test}) must be above 0 and sum to less than 1.`);
  }
}

/** Per label, shuffled groups of examples that share a text; a group belongs to the label of its first example. */
function groupsByLabel<One extends Example>(examples: readonly One[], random: Random): One[][][] {
  const groups = new Map<string, One[]>();
  for (const example of examples) {
    const key = normalisedText(example.text);
    const group = groups.get(key);
    if (group) group.push(example);
    else groups.set(key, [example]);
  }
  const byLabel = new Map<number, One[][]>();
  for (const group of random.shuffle([...groups.values()])) {
    const label = group[0].label;
    const same = byLabel.get(label);
    if (same) same.push(group);
    else byLabel.set(label, [group]);
  }
  return [...byLabel.keys()].sort((a, b) => a - b).map((label) => byLabel.get(label) ?? []);
}
