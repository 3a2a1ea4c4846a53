import type { Domain } from "../../domains/domain.js";
import { madeFrom } from "../../results/origin.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { cosineOf } from "../../training/text-embedding.js";
import { groupSingles } from "../train/groups.js";
import { startsOf } from "../train/starts.js";
import type { TrainRow } from "../train/train-unit.js";
import { pairSigns } from "./pair-signs.js";
import { sentencesAtHand } from "./sentence-unit.js";
import { textUnit } from "./text-unit.js";
import { topicShares, wordsIn } from "./topics.js";

/** FSD of a pair of adapters beside the similarity of their domains' texts. */
export interface SimilarityRow {
  first: string;
  second: string;
  method: string;
  seed: number;
  fsd: number;
  /** FSD that starts and distances moved give by arithmetic. */
  expectedFsd: number;
  /** Cosine of the mean text embeddings of the frozen encoder. */
  embedding: number;
  /** Cosine of the mean vectors of the Universal Sentence Encoder, where it is set up or its rows are stored. */
  sentences?: number;
  /** Cosine of the domains' word frequencies, each word weighted by how few of the domains use it; where the texts are at hand. */
  words?: number;
  /** Cosine of the domains' mean topic shares, by {@link topicShares}; likewise. */
  topics?: number;
  sameStart: boolean;
}

/** How alike two domains' texts are, by measure, with the words for each. */
export const similarityMeasures = {
  embedding: {
    axis: "cosine of mean text embeddings",
    panel: "as the frozen encoder reads them",
    by: "the encoder's embeddings",
  },
  sentences: {
    axis: "cosine of mean sentence vectors",
    panel: "by the Universal Sentence Encoder",
    by: "the Universal Sentence Encoder's vectors",
  },
  topics: { axis: "cosine of topic shares", panel: "by their topics", by: "topics" },
  words: { axis: "cosine of word frequencies", panel: "by the words they use", by: "words in common" },
} as const;

/** A measure of how alike two domains' texts are, by its name in {@link SimilarityRow}. */
export type SimilarityMeasure = keyof typeof similarityMeasures;

/** The measures that rows have; the Universal Sentence Encoder may not be at hand. */
export function measuresOf(rows: readonly Partial<Pick<SimilarityRow, SimilarityMeasure>>[]): SimilarityMeasure[] {
  const all = Object.keys(similarityMeasures) as SimilarityMeasure[];
  return all.filter((measure) => rows.every((row) => row[measure] !== undefined));
}

/** Every pair of domains once for each method and seed: FSD, and how alike their training texts are in each measure. */
export async function measureSimilarity(
  study: Study,
  singles: readonly TrainRow[],
  options: RunOptions = {},
): Promise<SimilarityRow[]> {
  const names = [...new Set(singles.map(({ domain }) => domain))];
  const texts = await textUnit.rows(study, names, options);
  const sentences = await sentencesAtHand(study, names, options);
  const counted = study.stored ? undefined : await countedVectors(study, names);
  const at = (name: string) => names.indexOf(name);
  const found: SimilarityRow[] = [];
  for (const { method, seed, rows } of groupSingles(singles)) {
    const starts = await startsOf(study, rows);
    const pairs = rows.flatMap((_, i) => rows.slice(i + 1).map((_, j) => [i, i + 1 + j] as const));
    const signs = await pairSigns(
      study,
      pairs.map(([i, j]) => [rows[i], rows[j]] as const),
      options,
    );
    pairs.forEach(([i, j], p) => {
      const [a, b] = [rows[i], rows[j]];
      const [of, to] = [at(a.domain), at(b.domain)];
      const cosines = (vectors: readonly number[][]) => cosineOf(vectors[of], vectors[to]);
      const row = {
        ...{ first: a.domain, second: b.domain, method, seed, fsd: signs[p].fsd, expectedFsd: signs[p].expectedFsd },
        embedding: cosineOf(texts[of].embedding, texts[to].embedding),
        ...(sentences && { sentences: cosineOf(sentences[of].embedding, sentences[to].embedding) }),
        ...(counted && { words: cosines(counted.words), topics: cosines(counted.topics) }),
        ...{ sameStart: starts[i] === starts[j] },
      };
      const read = sentences ? [sentences[of], sentences[to]] : [];
      found.push(madeFrom(row, a, b, texts[of], texts[to], ...read));
    });
  }
  return found;
}

/** Words and topics of domains, which are counted on their texts. */
async function countedVectors(study: Study, names: readonly string[]): Promise<Record<"words" | "topics", number[][]>> {
  const { similarityTexts } = study.settings;
  const domains: Domain[] = [];
  for (const name of names) domains.push(await study.domain(name));
  const texts = domains.map((domain) => firstTexts(domain, similarityTexts));
  return { words: wordVectors(domains, similarityTexts), topics: topicShares(texts) };
}

/**
 * Word frequencies of each domain's first training texts, tf·idf over domains: ln(1 + count) · ln(1 + n/df), with df the number
 * of the n domains that use the word. [domains, words]
 */
export function wordVectors(domains: readonly Pick<Domain, "train">[], texts: number): number[][] {
  const counts = domains.map((domain) => {
    const own = new Map<string, number>();
    for (const word of firstTexts(domain, texts).flatMap(wordsIn)) own.set(word, (own.get(word) ?? 0) + 1);
    return own;
  });
  const vocabulary = [...new Set(counts.flatMap((own) => [...own.keys()]))].sort();
  const weight = vocabulary.map((word) => Math.log(1 + domains.length / counts.filter((own) => own.has(word)).length));
  return counts.map((own) => vocabulary.map((word, i) => Math.log(1 + (own.get(word) ?? 0)) * weight[i]));
}

/** A domain's first training texts, those of a pair in one. */
function firstTexts({ train }: Pick<Domain, "train">, count: number): string[] {
  return train.slice(0, count).map(({ text, textPair = "" }) => `${text} ${textPair}`);
}
