import { type GreedyStep, greedyMix, greedyPath } from "../../mixing/greedy.js";
import { cosineSimilarity } from "../../mixing/similarity.js";
import { madeFrom } from "../../results/origin.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import { cosineOf } from "../../training/text-embedding.js";
import { textUnit } from "../conflict/text-unit.js";
import type { SinglesGroup } from "../train/groups.js";

/**
 * A way to choose what to mix with a target, before any mixture is tested.
 *
 * - `fsd`: greedy by least FSD of the grown set, of the weights.
 * - `fsdOfChange`: the same, of the change from the start.
 * - `cosine`: greedy by the highest mean cosine between the weights of the set's adapters.
 * - `text`: the domains whose texts are most like the target's (AdapterSoup's idea).
 * - `movedLeast`: the adapters that training moved least from their start.
 */
export type Picker = "fsd" | "fsdOfChange" | "cosine" | "text" | "movedLeast";

/** All pickers, the paper's first. */
export const pickers: readonly Picker[] = ["fsd", "fsdOfChange", "cosine", "text", "movedLeast"];

/** What the texts of domains are like, by domain. */
export type TextEmbeddings = ReadonlyMap<string, ArrayLike<number>>;

/** Sets of positions that a picker chose for a target, the set of size k at k − 1. */
export function pickFor(
  study: Study,
  group: SinglesGroup,
  picker: Picker,
  target: number | undefined,
  texts: TextEmbeddings,
): number[][] {
  return pathFor(study, group, picker, target, texts).map(({ members }) => members);
}

function pathFor(
  study: Study,
  { rows }: SinglesGroup,
  picker: Picker,
  target: number | undefined,
  texts: TextEmbeddings,
): GreedyStep[] {
  const n = rows.length;
  const adapters = () => rows.map(({ adapter }) => trainedAdapter(study, adapter).adapter);
  if (picker === "fsd") return greedyMix(adapters(), { target }).steps;
  if (picker === "fsdOfChange") return greedyMix(adapters(), { target, weights: "change" }).steps;
  if (picker === "movedLeast") return greedyPath(n, (set) => sum(set.map((i) => rows[i].moved)), { target });
  const similarity =
    picker === "cosine"
      ? pairs(adapters(), cosineSimilarity)
      : pairs(
          rows.map(({ domain }) => embeddingOf(texts, domain)),
          cosineOf,
        );
  // the nearest texts to the target where there is one; else the set that is most alike
  const anchored = picker === "text" && target !== undefined;
  const score = (set: number[]) =>
    anchored
      ? -sum(set.filter((i) => i !== target).map((i) => similarity[target][i]))
      : -meanOverPairs(similarity, set);
  return greedyPath(n, score, { target });
}

/** Embeds the texts of domains with the frozen encoder, or takes that from the store. */
export async function embedTexts(
  study: Study,
  domains: readonly string[],
  options: RunOptions = {},
): Promise<TextEmbeddings> {
  const rows = await textUnit.rows(study, domains, options);
  return madeFrom(new Map(rows.map(({ domain, embedding }) => [domain, embedding])), rows);
}

function embeddingOf(texts: TextEmbeddings, domain: string): ArrayLike<number> {
  const embedding = texts.get(domain);
  if (!embedding) throw new Error(`The texts of ${domain} were not embedded; call embedTexts with it first.`);
  return embedding;
}

function pairs<T>(items: readonly T[], compare: (a: T, b: T) => number): number[][] {
  return items.map((a) => items.map((b) => compare(a, b)));
}

function meanOverPairs(matrix: readonly (readonly number[])[], set: readonly number[]): number {
  const values = set.flatMap((i, a) => set.slice(a + 1).map((j) => matrix[i][j]));
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
