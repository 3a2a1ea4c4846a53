import { type PartOfSpeech, partOfSpeech } from "./part-of-speech.js";
import { isStopWord } from "./stop-words.js";
import type { SynonymSource } from "./synonyms.js";
import { isPlainWord, type Word } from "./words.js";

/** A word that may be exchanged. */
export interface TargetWord {
  word: number;
  tag: PartOfSpeech;
  /** The words of the text as the tagger read them. */
  read: readonly string[];
  /** What may take its place, as its source of synonyms has it. */
  candidates: string[];
}

/**
 * A word of a text with its candidates, or undefined where it may not be exchanged: stop words, names, numbers, @names,
 * #tags, addresses and single letters.
 *
 * @param words of the text, in order
 */
export function targetWord(
  text: string,
  words: readonly Word[],
  word: number,
  synonyms: SynonymSource,
): TargetWord | undefined {
  const own = words[word].text;
  if (!isPlainWord(own) || own.length < 2 || isStopWord(own) || looksLikeName(text, words, word)) return undefined;
  const plain = words.map((other) => other.text);
  const { tag, read } = tagged(plain, word);
  if (tag === "PROPN") return undefined;
  const place = { partOfSpeech: tag, before: plain.slice(0, word) };
  return { word, tag, read, candidates: synonyms.candidates(own.toLowerCase(), place) };
}

/** Whether a word has a capital that no sentence's begin explains: "May", "Blue Ridge". What is all in capitals has not. */
function looksLikeName(whole: string, words: readonly Word[], at: number): boolean {
  const { text, start } = words[at];
  if (at === 0 || !/^\p{Lu}/u.test(text) || text === text.toUpperCase()) return false;
  return /^[\s,'’-]*(?:s\s+)?$/.test(whole.slice(words[at - 1].end, start));
}

/** The tag of a word. A capital may be that of a sentence's begin, so what is no noun in lower case is no name either. */
function tagged(plain: readonly string[], word: number): Pick<TargetWord, "tag" | "read"> {
  const tag = partOfSpeech(plain, word);
  if (tag !== "PROPN") return { tag, read: plain };
  const lower = plain.map((own, i) => (i === word ? own.toLowerCase() : own));
  const other = partOfSpeech(lower, word);
  return other === "NOUN" || other === "PROPN" ? { tag, read: plain } : { tag: other, read: lower };
}
