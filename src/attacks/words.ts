/** A word of a text: where it stands, and what it is. */
export interface Word {
  text: string;
  /** Offset of its first UTF-16 unit in the text. */
  start: number;
  /** Offset after its last. */
  end: number;
}

// A web address is one word, as is a @name or #tag. Apostrophes and hyphens join letters; digits count as letters.
const wordPattern = /(?:https?:\/\/|www\.)\S+|[@#]?[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_]|['’-](?=[\p{L}\p{N}]))*/gu;
const possessive = /['’]s$/i;
const contracted = /^(?:it|he|she|that|this|what|who|where|when|why|how|here|there|let|one)['’]s$/i;
// Letters alone, or joined by hyphens: what can stand in for a word.
const substitute = /^\p{L}[\p{L}\p{M}]*(?:-\p{L}[\p{L}\p{M}]*)*$/u;

/**
 * The words of a text, in order, by their offsets, so that one can be exchanged and everything around it stays. The `'s`
 * of a possessive is not part of the word (`film` of "the film's end"); that of "it's" is.
 */
export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(wordPattern), (match) => {
    const found = match[0];
    const own = contracted.test(found) ? found : found.replace(possessive, "");
    return { text: own, start: match.index, end: match.index + own.length };
  });
}

/** A text up to the end of its word number `count`; all of it where it has no more words. */
export function firstWords(text: string, count: number): string {
  let seen = 0;
  for (const match of text.matchAll(wordPattern)) {
    if (seen === count) return text.slice(0, match.index).trimEnd();
    seen++;
  }
  return text;
}

/** Whether a string is one plain word that can take another's place: no spaces, digits or signs. */
export function isPlainWord(text: string): boolean {
  return substitute.test(text);
}

/** A text with one of its words exchanged; nothing else changes. */
export function withWord(text: string, word: Word, replacement: string): string {
  return text.slice(0, word.start) + replacement + text.slice(word.end);
}

/** A text without one of its words, and without the space that it leaves. */
export function withoutWord(text: string, word: Word): string {
  const before = text.slice(0, word.start);
  const after = text.slice(word.end);
  return /\s$/.test(before) || before === "" ? before + after.replace(/^\s/, "") : before + after;
}

/** `word` in the case of `like`: Title, UPPER, or as it is. */
export function inCaseOf(like: string, word: string): string {
  const upper = like.toUpperCase();
  if (upper === like.toLowerCase()) return word;
  const [first] = like;
  const [initial] = word;
  if (like === upper && [...like].length > 1) return word.toUpperCase();
  return first === first.toUpperCase() ? initial.toUpperCase() + word.slice(initial.length) : word;
}

/**
 * The piece of a text of at most `size` words around one of them, punctuation kept: the window of TextAttack's
 * `AttackedText.text_window_around_index`.
 */
export function windowAround(text: string, words: readonly Word[], at: number, size: number): string {
  const half = (size - 1) / 2;
  const last = words.length - 1;
  let first = at - Math.ceil(half);
  let end = at + Math.floor(half);
  if (at - half < 0) [first, end] = [0, Math.min(size - 1, last)];
  else if (at + half > last) [first, end] = [Math.max(0, words.length - size), last];
  return text.slice(words[first].start, words[end].end);
}

/** `a` or `an`, whichever goes before a word; judged by its letters, so that a rare word may get the wrong one. */
export function articleBefore(word: string): "a" | "an" {
  const lower = word.toLowerCase();
  if (/^(?:hour|hon(?:es|o)|heir)/.test(lower)) return "an";
  if (/^(?:uni(?![nm])|use|usu|uti|uto|ubi|eu|ew|once|one(?!r))/.test(lower)) return "a";
  return /^[aeiou]/.test(lower) ? "an" : "a";
}
