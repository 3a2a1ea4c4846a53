import { type PartOfSpeech, partOfSpeech } from "./part-of-speech.js";
import { isStopWord } from "./stop-words.js";
import type { SynonymSource } from "./synonyms.js";
import { isPlainWord } from "./words.js";

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
export function targetWord(words: readonly string[], word: number, synonyms: SynonymSource): TargetWord | undefined {
  const text = words[word];
  if (!isPlainWord(text) || text.length < 2 || isStopWord(text)) return undefined;
  const { tag, read } = tagged(words, word);
  if (tag === "PROPN") return undefined;
  const place = { partOfSpeech: tag, before: words.slice(0, word) };
  return { word, tag, read, candidates: synonyms.candidates(text.toLowerCase(), place) };
}

/** The tag of a word. A capital may be that of a sentence's begin, so what is no noun in lower case is no name either. */
function tagged(plain: readonly string[], word: number): Pick<TargetWord, "tag" | "read"> {
  const tag = partOfSpeech(plain, word);
  if (tag !== "PROPN") return { tag, read: plain };
  const lower = plain.map((own, i) => (i === word ? own.toLowerCase() : own));
  const other = partOfSpeech(lower, word);
  return other === "NOUN" || other === "PROPN" ? { tag, read: plain } : { tag: other, read: lower };
}
