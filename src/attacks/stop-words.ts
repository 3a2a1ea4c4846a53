import { stopwords } from "@orama/stopwords/english";

const stopWords = new Set(stopwords);

/** Whether a word is among the English stop words of `@orama/stopwords`, contractions and negations included. */
export function isStopWord(word: string): boolean {
  return stopWords.has(word.toLowerCase().replaceAll("’", "'"));
}
