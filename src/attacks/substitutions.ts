import type { Example } from "../domains/domain.js";
import { articleBefore, inCaseOf, withWord, wordsOf } from "./words.js";

/** One word of an example that an attack exchanged. */
export interface Substitution {
  /** 0 for the text, 1 for the second text of a pair. */
  part: 0 | 1;
  /** Place among the words of that text. */
  word: number;
  from: string;
  to: string;
}

/** The text of an example that word attacks change: the second one of a pair, since the first is what it is judged by. */
export function attackedPart(example: Example): 0 | 1 {
  return example.textPair === undefined ? 0 : 1;
}

/** One of an example's texts. */
export function textOf(example: Example, part: 0 | 1): string {
  return part === 0 ? example.text : (example.textPair ?? "");
}

/** The example with one of its texts exchanged. */
export function withText(example: Example, part: 0 | 1, text: string): Example {
  return part === 0 ? { ...example, text } : { ...example, textPair: text };
}

/**
 * The edits that put a candidate in the place of a word: the candidate in the word's case, and `a` or `an` before it
 * where that was right for the word and is wrong now.
 */
export function editsFor(text: string, part: 0 | 1, word: number, candidate: string): Substitution[] {
  const words = wordsOf(text);
  const { text: from, start } = words[word];
  const edits = [{ part, word, from, to: inCaseOf(from, candidate) }];
  const before = words[word - 1];
  if (before && /^an?$/i.test(before.text) && /^\s+$/.test(text.slice(before.end, start))) {
    const article = articleBefore(candidate);
    const isRight = articleBefore(from) === before.text.toLowerCase();
    if (isRight && article !== before.text.toLowerCase()) {
      edits.unshift({ part, word: word - 1, from: before.text, to: inCaseOf(before.text, article) });
    }
  }
  return edits;
}

/**
 * An example with words exchanged, everything around them as it was. Attacks are stored as substitutions, and this is
 * how their texts come back.
 * @throws if a substitution does not fit the example: it was made on another one
 */
export function applySubstitutions(example: Example, substitutions: readonly Substitution[]): Example {
  return substitutions.reduce((changed, { part, word, from, to }) => {
    const text = textOf(changed, part);
    const at = wordsOf(text)[word];
    if (at?.text !== from) {
      throw new Error(
        `Word ${word + 1} of the text is ${at ? `"${at.text}"` : "not there"}, not "${from}": ` +
          "the substitutions were made on another example.",
      );
    }
    return withText(changed, part, withWord(text, at, to));
  }, example);
}
