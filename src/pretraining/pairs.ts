import type { Random } from "../engine/random.js";
import type { SentenceIndex } from "./sentences.js";

/**
 * The sentence-pair objective: how B stands to A. `follows`: B comes next in the text (as in BERT's next-sentence
 * task), or on the next line and about the same thing. `same`: B is A with words left out and clauses moved.
 * `changed`: the same, but a content word or a number is another one, or a "not" has come or gone. `elsewhere`: B is
 * from another text, half of the time one that shares a word with A. The middle two can only be told apart by
 * matching the two sentences word by word, which is what entailment and paraphrase need.
 */
export const PAIR_CLASSES = ["follows", "same", "changed", "elsewhere"] as const;

/** Two sentences as token ids, with the index of their class in `PAIR_CLASSES`. */
export interface SentencePair {
  first: number[];
  second: number[];
  label: number;
}

const FOLLOWS = 0;
const SAME = 1;
const CHANGED = 2;
const ELSEWHERE = 3;
/** A word is rare when at most this share of all tokens is it. */
const RARE = 2.4e-4;
const ATTEMPTS = 40;

/**
 * Draws a pair of each class with equal chance.
 *
 * @param longest tokens in the two sentences together, at most
 */
export function drawPair(index: SentenceIndex, longest: number, random: Random): SentencePair {
  const half = Math.floor(longest / 2);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const label = random.integer(PAIR_CLASSES.length);
    const sentence = index.sentenceOf[random.integer(index.corpus.ids.length)];
    const first = tokensOf(index, sentence, half);
    if (first.length < 5) continue;
    let second: number[] | undefined;
    if (label === FOLLOWS) second = nextSentence(index, sentence, half);
    else if (label === ELSEWHERE) second = otherSentence(index, sentence, half, random);
    else second = rewrite(index, first, label === CHANGED, half, random);
    if (!second || second.length < 3) continue;
    const swap = (label === SAME || label === CHANGED) && random.uniform() < 0.5;
    return swap ? { first: second, second: first, label } : { first, second, label };
  }
  throw new Error("The corpus holds too few sentences of five tokens or more to draw sentence pairs from.");
}

function tokensOf({ corpus, sentences }: SentenceIndex, sentence: number, longest: number): number[] {
  const from = sentences[sentence];
  return Array.from(corpus.ids.subarray(from, Math.min(sentences[sentence + 1], from + longest)));
}

/** The sentence after this one: in the same passage, or on the next line where both hold the same rare word. */
function nextSentence(index: SentenceIndex, sentence: number, longest: number): number[] | undefined {
  const next = sentence + 1;
  if (next >= index.passageOf.length) return undefined;
  if (index.passageOf[next] === index.passageOf[sentence]) return tokensOf(index, next, longest);
  // Lines side by side are often unrelated; a premise and its hypothesis, or two like questions, share words.
  const first = new Set(rareWords(index, sentence));
  return rareWords(index, next).some((id) => first.has(id)) ? tokensOf(index, next, longest) : undefined;
}

function otherSentence(index: SentenceIndex, sentence: number, longest: number, random: Random): number[] | undefined {
  let token = random.integer(index.corpus.ids.length);
  const rare = rareWords(index, sentence);
  if (rare.length > 0 && random.uniform() < 0.6) {
    const shared = random.choice(rare);
    const from = index.placesFrom[shared];
    token = index.places[from + random.integer(index.placesFrom[shared + 1] - from)];
  }
  const other = index.sentenceOf[token];
  const apart = Math.abs(index.passageOf[other] - index.passageOf[sentence]);
  return apart > 1 ? tokensOf(index, other, longest) : undefined;
}

/** Content words of a sentence that the corpus holds rarely. */
function rareWords(index: SentenceIndex, sentence: number): number[] {
  const { corpus, sentences, kinds, placesFrom } = index;
  const most = RARE * corpus.ids.length;
  const out: number[] = [];
  for (let at = sentences[sentence]; at < sentences[sentence + 1]; at++) {
    const id = corpus.ids[at];
    if (kinds.content[id] && placesFrom[id + 1] - placesFrom[id] <= most) out.push(id);
  }
  return out;
}

function rewrite(
  index: SentenceIndex,
  tokens: number[],
  change: boolean,
  longest: number,
  random: Random,
): number[] | undefined {
  const words = wordsOf(index, tokens);
  if (change && !changeWord(index, words, random)) return undefined;
  const left = moveClauses(index, dropWords(words, random), random);
  return left.flatMap((word) => word.pieces).slice(0, longest);
}

/** A word of a sentence, whole, so that all its pieces are left out, moved or replaced together. */
interface Word {
  pieces: number[];
  /** It is what makes the sentence say something else, so it must not be left out. */
  changed?: boolean;
}

function wordsOf(index: SentenceIndex, tokens: number[]): Word[] {
  const words: Word[] = [];
  for (const id of tokens) {
    if (index.kinds.inner[id] && words.length > 0) words[words.length - 1].pieces.push(id);
    else words.push({ pieces: [id] });
  }
  return words;
}

/** Leaves out between one word in twenty and three in ten. */
function dropWords(words: Word[], random: Random): Word[] {
  const share = 0.05 + 0.25 * random.uniform();
  const kept = words.filter((word) => word.changed || random.uniform() >= share);
  return kept.length >= 3 ? kept : words;
}

/** Turns "a, b, c" into another order of its clauses, a third of the time. */
function moveClauses(index: SentenceIndex, words: Word[], random: Random): Word[] {
  if (random.uniform() > 1 / 3) return words;
  const clauses: Word[][] = [[]];
  for (const word of words) {
    clauses[clauses.length - 1].push(word);
    if (index.kinds.clauseEnd[word.pieces[0]]) clauses.push([]);
  }
  return random.shuffle(clauses).flat();
}

/**
 * Changes what the words say: a "not" put in or taken out, or one or two content words or numbers replaced.
 *
 * @returns whether there was anything to change
 */
function changeWord(index: SentenceIndex, words: Word[], random: Random): boolean {
  const { kinds } = index;
  if (kinds.not >= 0 && random.uniform() < 0.3 && negate(index, words)) return true;
  const candidates = [...words.keys()].filter((at) => {
    const [first] = words[at].pieces;
    return kinds.content[first] || kinds.number[first];
  });
  if (candidates.length === 0) return false;
  const replaced = random.uniform() < 0.3 ? 2 : 1;
  for (const at of random.shuffle(candidates).slice(0, replaced)) {
    const [first] = words[at].pieces;
    const other = kinds.number[first] ? anotherNumber(index, random) : anotherWord(index, first, random);
    if (!other) return false;
    words[at] = { pieces: other, changed: true };
  }
  return true;
}

/** Takes the first "not" out, or puts one after the first auxiliary verb; false where there is neither. */
function negate({ kinds }: SentenceIndex, words: Word[]): boolean {
  const alone = (word: Word, holds: (id: number) => boolean) => word.pieces.length === 1 && holds(word.pieces[0]);
  const negated = words.findIndex((word) => alone(word, (id) => id === kinds.not));
  if (negated >= 0) {
    words.splice(negated, 1);
    return true;
  }
  const auxiliary = words.findIndex((word) => alone(word, (id) => kinds.auxiliary[id] === 1));
  if (auxiliary < 0) return false;
  words.splice(auxiliary + 1, 0, { pieces: [kinds.not], changed: true });
  return true;
}

/** The content word at a random place of the corpus, so that frequent words come often. */
function anotherWord(index: SentenceIndex, not: number, random: Random): number[] | undefined {
  const { ids } = index.corpus;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const at = random.integer(ids.length);
    if (!index.kinds.content[ids[at]] || ids[at] === not) continue;
    let end = at + 1;
    while (end < ids.length && index.kinds.inner[ids[end]]) end++;
    return Array.from(ids.subarray(at, end));
  }
  return undefined;
}

function anotherNumber(index: SentenceIndex, random: Random): number[] {
  const numbers = [...index.kinds.number.keys()].filter((id) => index.kinds.number[id]);
  return [random.choice(numbers)];
}
