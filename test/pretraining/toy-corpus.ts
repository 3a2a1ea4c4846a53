import { createRandom } from "#src/engine/random.js";
import { encodeCorpus } from "#src/pretraining/corpus.js";
import { indexSentences } from "#src/pretraining/sentences.js";
import { countWords, trainVocabulary } from "#src/text/vocabulary.js";

const things = "anchor basket candle donkey engine falcon garden hammer island jacket kettle ladder".split(" ");
const deeds = "carries follows paints repairs touches watches".split(" ");

/** Passages of small sentences, the same ones for the same seed. */
export function toyPassages(count: number, seed: string): string[] {
  const random = createRandom(seed);
  const sentence = () =>
    `the ${random.choice(things)} ${random.choice(deeds)} the ${random.choice(things)}, and it is ${random.integer(90) + 10} .`;
  return Array.from({ length: count }, () => `${sentence()} ${sentence()} ${sentence()}`);
}

/** Their vocabulary and index. */
export function toyIndex(count: number, seed: string) {
  const passages = toyPassages(count, seed);
  const counts = new Map<string, number>();
  for (const passage of passages) countWords(passage, counts);
  const pieces = trainVocabulary(counts, { size: 160, minimumCharacterCount: 1 });
  return { pieces, index: indexSentences(encodeCorpus(passages, pieces), pieces) };
}
