import { requirePlan } from "../adapters/classify.js";
import type { AdapterConfig } from "../adapters/methods.js";
import type { Example } from "../domains/domain.js";
import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import type { HeadConfig } from "../encoder/heads.js";
import { requireOptions } from "../files/options.js";
import { requireLabels } from "../training/require-labels.js";
import type { Classifier } from "./classifier.js";
import { type Importance, importanceOf, predictionOf, unknownToken } from "./importance.js";
import { partOfSpeech, tagsAgree } from "./part-of-speech.js";
import { type Answer, createQueryRunner, type Questions } from "./queries.js";
import { encoderSimilarity, type SimilarityEncoder } from "./similarity.js";
import { applySubstitutions, attackedPart, editsFor, type Substitution, textOf, withText } from "./substitutions.js";
import { type SynonymSource, wordnetSynonyms } from "./synonyms.js";
import { type TargetWord, targetWord } from "./target-word.js";
import { firstWords, inCaseOf, type Word, windowAround, withoutWord, withWord, wordsOf } from "./words.js";

/** How TextFooler attacks. */
export interface TextFoolerOptions {
  /** Default: WordNet. */
  synonyms?: SynonymSource;
  /** Default: the encoder that is attacked, which needs `similarityThreshold`. */
  similarity?: SimilarityEncoder;
  /**
   * How a word's importance is measured: by deleting it (default, as TextAttack's recipe), or by the unknown token in its
   * place, with a bonus where the prediction changes (as the authors' code).
   */
  importance?: Importance;
  /** Most candidates of a word. Default 50. */
  maxCandidates?: number;
  /** Words around a substitution that are compared. Default 15; shorter texts are not held to the threshold. */
  window?: number;
  /** Least similarity of the window before and after a substitution. Default: the similarity encoder's own. */
  similarityThreshold?: number;
  /** Most texts of one batch. Default 32. */
  batchSize?: number;
  /** Most tokens of a text, or pair, special ones included. Default 128. */
  maxLength?: number;
  /** Most texts that the victim is asked about for one example. Default: no limit. */
  maxQueries?: number;
}

/** What TextFooler made of one example. */
export interface AttackedExample {
  index: number;
  label: number;
  /** `skipped`: it was misclassified before. */
  verdict: "skipped" | "failed" | "succeeded";
  original: Example;
  /** The best text found, also where the attack failed. */
  attacked: Example;
  originalPrediction: number;
  attackedPrediction: number;
  /** Probability of the true class. */
  originalScore: number;
  attackedScore: number;
  /** In the order made; an article that had to follow (`a` to `an`) is one of them. */
  substitutions: Substitution[];
  /** Words of the text that is attacked, those that the victim does not read included. */
  words: number;
  /** Different texts that the victim was asked about, the original included. */
  queries: number;
  /** Similarity of the attacked text to the original, 1 if unchanged. */
  similarity: number;
  /** Words that may be exchanged, as far as a victim could read them, and the synonym candidates found for each. */
  candidates: { words: number; mean: number; largest: number };
  /** Candidates looked at, and how many each constraint refused. */
  refused: { partOfSpeech: number; similarity: number; considered: number };
}

/** TextFooler made ready for one kind of classifier. */
export interface TextFooler {
  /**
   * Attacks one example.
   * @param index place of the example among its fellows, for the result and for errors
   */
  attack(victim: Classifier, example: Example, index: number): AttackedExample;
  /** Frees the compiled functions. */
  dispose(): void;
}

/** A text on the way, and what the victim says about it. */
interface State {
  example: Example;
  answer: Answer;
  substitutions: Substitution[];
}

/**
 * TextFooler (Jin et al. 2020, "Is BERT Really Robust?", algorithm 1): words are ranked by how much the probability of
 * the true class falls without them; then, one after the other, each is exchanged for the synonym that does most harm,
 * until the prediction changes.
 *
 * What may be exchanged: each word once; no stop words, names, numbers, @names, #tags and addresses; of a pair, only the
 * second text (the hypothesis), while the first stays. A candidate must have the word's part of speech among its
 * neighbours, four before and three after (noun and verb may swap), and the window of 15 words around it must stay similar to what it was
 * before the exchange. Among candidates that change the prediction the most similar one is taken, else the one that
 * leaves the true class least probable, if less than before. Case, punctuation and spacing stay.
 *
 * The settings are those of TextAttack's recipe `textfooler_jin_2019`. **Results are comparable with published ones only
 * where the sources are the original's**: counter-fitted vectors for synonyms and the Universal Sentence Encoder for
 * similarity. WordNet gives far fewer candidates, so that attacks with it are weaker. Beyond the recipe, names are left
 * alone, `a` and `an` follow the word, and words without candidates are not asked about.
 *
 * @param plan the kind of adapter and head that will be attacked
 * @throws if neither `similarity` nor `similarityThreshold` is given, or a setting is out of range
 */
export function createTextFooler(
  encoder: Encoder,
  plan: { adapter?: AdapterConfig; head: HeadConfig },
  options: TextFoolerOptions = {},
): TextFooler {
  requireEncoder(encoder, "createTextFooler");
  requirePlan(plan, "createTextFooler");
  requireOptions(options, "createTextFooler", "similarityThreshold");
  const { synonyms = wordnetSynonyms(), importance = "delete", maxCandidates = 50, window = 15 } = options;
  const { batchSize = 32, maxLength = 128, maxQueries } = options;
  requirePositive({ maxCandidates, window, batchSize, maxLength, maxQueries });
  if (importance !== "delete" && importance !== "oov") {
    throw new Error(`importance is "${importance}"; give "delete" or "oov".`);
  }
  const unknown = importance === "oov" ? unknownToken(encoder) : "";
  const similarity = options.similarity ?? ownSimilarity(encoder, options);
  const threshold = options.similarityThreshold ?? similarity.threshold;
  const runner = createQueryRunner(encoder, plan, { batchSize, maxLength });
  return {
    attack(victim, example, index) {
      requireLabels([example], victim.head, index);
      return attackOne(example, index, runner.begin(victim, maxQueries), {
        ...{ synonyms, similarity, threshold, importance, unknown, maxCandidates, window, maxLength },
      });
    },
    dispose() {
      if (!options.similarity) similarity.dispose?.();
    },
  };
}

/** The settings of one attack. */
interface Settings {
  synonyms: SynonymSource;
  similarity: SimilarityEncoder;
  threshold: number;
  importance: Importance;
  unknown: string;
  maxCandidates: number;
  window: number;
  maxLength: number;
}

function attackOne(whole: Example, index: number, questions: Questions, settings: Settings): AttackedExample {
  const { label } = whole;
  const part = attackedPart(whole);
  const example = whatMatters(whole, settings);
  const text = textOf(example, part);
  const words = wordsOf(text);
  const rest = textOf(whole, part).slice(text.length);
  const first = questions.ask([example])[0] as Answer;
  const begin: State = { example, answer: first, substitutions: [] };
  const refused = { partOfSpeech: 0, similarity: 0, considered: 0 };
  const result = (verdict: AttackedExample["verdict"], state: State, targets: TargetWord[]): AttackedExample => ({
    ...{ index, label, verdict, original: whole },
    attacked: withText(whole, part, textOf(state.example, part) + rest),
    originalPrediction: predictionOf(first),
    attackedPrediction: predictionOf(state.answer),
    originalScore: first[label],
    attackedScore: state.answer[label],
    substitutions: state.substitutions,
    words: words.length + wordsOf(rest).length,
    queries: questions.asked,
    similarity: settings.similarity.similarity([text + rest], [textOf(state.example, part) + rest])[0],
    candidates: {
      words: targets.length,
      mean: targets.reduce((sum, { candidates }) => sum + candidates.length, 0) / Math.max(1, targets.length),
      largest: targets.reduce((most, { candidates }) => Math.max(most, candidates.length), 0),
    },
    refused,
  });
  if (predictionOf(first) !== label) return result("skipped", begin, []);

  const targets = targetsOf(text, words, settings);
  let state = begin;
  for (const target of ranked(targets, begin, part, questions, settings)) {
    const allowed = allowedCandidates(target, words, state, part, settings, refused);
    const answers = questions.ask(allowed.map(({ state: { example: changed } }) => changed));
    const tried = allowed.flatMap(({ similarity, state: next }, i) => {
      const answer = answers[i];
      return answer ? [{ similarity, state: { ...next, answer } }] : [];
    });
    const flips = tried.filter(({ state: { answer } }) => predictionOf(answer) !== label);
    if (flips.length > 0) {
      const near = flips.map(({ similarity }) => similarity());
      return result("succeeded", flips[near.indexOf(Math.max(...near))].state, targets);
    }
    for (const { state: next } of tried) if (next.answer[label] < state.answer[label]) state = next;
  }
  return result("failed", state, targets);
}

/**
 * The begins of an example's texts, as far as they matter: a word is one token at least, so that no victim reads more
 * than `maxLength` words of a text, whatever is exchanged; the window around the last of them is kept too. Without this
 * the time of an attack would grow with the square of a text's length.
 */
function whatMatters(example: Example, { maxLength, window }: Settings): Example {
  const begin = (text: string) => firstWords(text, maxLength + window);
  const { text, textPair } = example;
  return textPair === undefined
    ? { ...example, text: begin(text) }
    : { ...example, text: begin(text), textPair: begin(textPair) };
}

/** The words that may be exchanged, each with its candidates. */
function targetsOf(text: string, words: readonly Word[], { synonyms, maxCandidates }: Settings): TargetWord[] {
  return words.flatMap((_, word) => {
    const target = targetWord(text, words, word, synonyms);
    return target ? [{ ...target, candidates: target.candidates.slice(0, maxCandidates) }] : [];
  });
}

/**
 * Targets with candidates, the most important first; those that do not change what the victim reads, since the text is
 * cut before them, left out.
 */
function ranked(
  targets: readonly TargetWord[],
  { example, answer }: State,
  part: 0 | 1,
  questions: Questions,
  { importance, unknown }: Settings,
): TargetWord[] {
  const { label } = example;
  const text = textOf(example, part);
  const words = wordsOf(text);
  const asked = targets.filter(({ candidates }) => candidates.length > 0);
  const without = asked.map(({ word }) =>
    importance === "delete" ? withoutWord(text, words[word]) : withWord(text, words[word], unknown),
  );
  const answers = questions.ask(without.map((changed) => withText(example, part, changed)));
  const scored = asked.flatMap((target, i) => {
    const other = answers[i];
    if (!other || other === answer) return [];
    const score = importanceOf(answer, other, label, importance);
    return [{ target, score }];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ target }) => target);
}

/** The exchanges of one word that both constraints allow. */
function allowedCandidates(
  { word, tag, read, candidates }: TargetWord,
  original: readonly Word[],
  state: State,
  part: 0 | 1,
  { similarity, threshold, window }: Settings,
  refused: AttackedExample["refused"],
): { state: Omit<State, "answer">; similarity: () => number }[] {
  refused.considered += candidates.length;
  const text = textOf(state.example, part);
  const before = windowAround(text, wordsOf(text), word, window);
  const agreeing = candidates.flatMap((candidate) => {
    const edits = editsFor(text, part, word, candidate);
    const swapped = read.map((own, i) => (i === word ? inCaseOf(own, candidate) : own));
    if (!tagsAgree(tag, partOfSpeech(swapped, word))) {
      refused.partOfSpeech++;
      return [];
    }
    const example = applySubstitutions(state.example, edits);
    const changed = textOf(example, part);
    const after = windowAround(changed, wordsOf(changed), word, window);
    return [{ after, state: { example, substitutions: [...state.substitutions, ...edits] } }];
  });
  const compare = (windows: string[]) =>
    similarity.similarity(
      windows.map(() => before),
      windows,
    );
  // A shorter text is not held to the threshold; it is compared only where similarity decides between candidates.
  if (original.length < window) {
    return agreeing.map(({ after, state: next }) => ({ state: next, similarity: () => compare([after])[0] }));
  }
  const near = compare(agreeing.map(({ after }) => after));
  return agreeing.flatMap(({ state: next }, i) => {
    if (near[i] >= threshold) return [{ state: next, similarity: () => near[i] }];
    refused.similarity++;
    return [];
  });
}

function ownSimilarity(encoder: Encoder, options: TextFoolerOptions): SimilarityEncoder {
  const { similarityThreshold: threshold, batchSize, maxLength } = options;
  if (threshold === undefined) {
    throw new Error(
      "TextFooler needs to know how similar an attacked text must be: give `similarity`, such as " +
        "encoderSimilarity(encoder, { threshold: calibrateSimilarity(encoder, paraphrases) }), or `similarityThreshold`.",
    );
  }
  return encoderSimilarity(encoder, { threshold, batchSize, maxLength });
}

function requirePositive(settings: Record<string, number | undefined>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      throw new Error(`${name} is ${value}; give a whole number above 0.`);
    }
  }
}
