import { createRandom } from "../../engine/random.js";

/** Settings of latent Dirichlet allocation. */
export interface TopicOptions {
  /** Number of topics, default 20. */
  topics?: number;
  /** Sweeps over all words, default 200; the last half of them are averaged. */
  sweeps?: number;
  /** Dirichlet priors: of a text's topics, default 0.1, and of a topic's words, default 0.01. */
  alpha?: number;
  beta?: number;
  seed?: string | number;
}

/** The words of a text, in lower case. */
export function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Words that stand in every kind of text say nothing of its topic: those of fewer letters are left out. */
const leastLetters = 4;

/**
 * The share of each topic in each group of texts, by latent Dirichlet allocation with collapsed Gibbs sampling (Griffiths and
 * Steyvers 2004, equation 5): a word's topic is drawn from
 * p(z = k | all others) ∝ (n_text,k + α) (n_k,word + β) / (n_k + Vβ).
 * Words of three letters or less, and those of a single text, are left out.
 *
 * @param groups the texts of each domain
 * @returns mean over a group's texts of the texts' topic shares. [groups, topics]
 */
export function topicShares(groups: readonly (readonly string[])[], options: TopicOptions = {}): number[][] {
  const { topics = 20, sweeps = 200, alpha = 0.1, beta = 0.01, seed = "topics" } = options;
  const split = groups.map((texts) => texts.map(wordsIn));
  const texts = split.flatMap((group, at) => group.map((words) => ({ at, words })));
  const uses = new Map<string, number>();
  for (const { words } of texts) for (const word of new Set(words)) uses.set(word, (uses.get(word) ?? 0) + 1);
  const kept = [...uses].flatMap(([word, count]) => (count > 1 && word.length >= leastLetters ? [word] : []));
  const numbers = new Map(kept.sort().map((word, number) => [word, number]));
  const tokens = texts.map(({ words }) => words.flatMap((word) => numbers.get(word) ?? []));

  const random = createRandom(seed);
  const ofText = texts.map(() => new Float64Array(topics)); // [texts, topics]
  const ofWord = kept.map(() => new Float64Array(topics)); // [words, topics]
  const all = new Float64Array(topics);
  const count = (text: number, word: number, topic: number, by: number) => {
    ofText[text][topic] += by;
    ofWord[word][topic] += by;
    all[topic] += by;
  };
  const drawn = tokens.map((words, text) =>
    words.map((word) => {
      const topic = random.integer(topics);
      count(text, word, topic, 1);
      return topic;
    }),
  );
  const sums = groups.map(() => new Array<number>(topics).fill(0));
  const weights = new Float64Array(topics);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    tokens.forEach((words, text) => {
      words.forEach((word, place) => {
        count(text, word, drawn[text][place], -1);
        let total = 0;
        for (let k = 0; k < topics; k++) {
          // (n_text,k + α) (n_k,word + β) / (n_k + Vβ)
          total += ((ofText[text][k] + alpha) * (ofWord[word][k] + beta)) / (all[k] + kept.length * beta);
          weights[k] = total;
        }
        const at = random.uniform() * total;
        let topic = 0;
        while (topic < topics - 1 && weights[topic] <= at) topic += 1;
        drawn[text][place] = topic;
        count(text, word, topic, 1);
      });
    });
    if (sweep < sweeps / 2) continue;
    texts.forEach(({ at }, text) => {
      const length = tokens[text].length + topics * alpha;
      for (let k = 0; k < topics; k++) sums[at][k] += (ofText[text][k] + alpha) / length;
    });
  }
  return sums.map((shares) => {
    const total = shares.reduce((sum, one) => sum + one, 0);
    return shares.map((one) => (total > 0 ? one / total : 1 / topics));
  });
}
