import { existsSync } from "node:fs";
import { basename, extname } from "node:path";
import { requireText } from "../files/arguments.js";
import { Budget } from "../files/budget.js";
import { readJsonObject } from "../files/json.js";
import { requireOptions } from "../files/options.js";
import { type Form, inflect, type Reading, readingsOf } from "./inflection.js";
import type { PartOfSpeech } from "./part-of-speech.js";
import { isStopWord } from "./stop-words.js";
import { nearestWords, openWordVectors } from "./word-vectors.js";
import { openWordnet, type Sense, type SynonymSet, type Wordnet, type WordnetPart } from "./wordnet.js";
import { isPlainWord } from "./words.js";

/** Where a word stands, for sources that can use it. */
export interface WordPlace {
  /** Its part of speech there. */
  partOfSpeech?: PartOfSpeech;
  /** The words before it, in order. */
  before?: readonly string[];
}

/** Where TextFooler finds what may take a word's place. */
export interface SynonymSource {
  /** As captions name it. */
  name: string;
  /** Candidates for a word in lower case, the likeliest first, the word itself left out. */
  candidates(word: string, place?: WordPlace): string[];
}

/**
 * The synonyms of a source by its name or file: `wordnet`, a `.json` of neighbours ({@link neighbourSynonyms}), or a text
 * file of word vectors ({@link counterFittedSynonyms}).
 *
 * @param options for word vectors; a file of neighbours and WordNet hold no cosines
 * @throws if the file is missing or of no known kind
 */
export function openSynonyms(source: string, options: NeighbourOptions = {}): SynonymSource {
  if (source === "wordnet") return wordnetSynonyms();
  if (extname(source) === ".json") return neighbourSynonyms(source);
  if (extname(source) === ".txt") return counterFittedSynonyms(source, options);
  throw new Error(
    `"${source}" is no source of synonyms; give "wordnet", a .json file of neighbours, or a .txt file of word vectors.`,
  );
}

const partOfTag: Record<string, WordnetPart> = { NOUN: "noun", VERB: "verb", ADJ: "adjective", ADV: "adverb" };
const parts: readonly WordnetPart[] = ["noun", "verb", "adjective", "adverb"];

/** What share of a word's uses a sense must have to count. */
const leastShare = 0.1;
/** How often a synonym must have been met in the sense. */
const leastCount = 2;

/**
 * Synonyms of WordNet 3.1: words that share a sense, from the most frequent sense on, and for adjectives those of nearly
 * the same sense, in the form of the word they replace (plural, tense, -ing, comparative). Terms of several words and
 * names are left out. So that the text still reads, a sense counts only where it has a tenth of the word's uses in
 * WordNet's hand-tagged texts (or is its first), and the synonym was met there twice in it: `film` gives `movie`; `know`
 * does not give what it means in the Bible.
 *
 * TextFooler's authors used counter-fitted word vectors instead; results with WordNet are not comparable with theirs.
 */
export function wordnetSynonyms(): SynonymSource {
  return {
    name: "WordNet 3.1",
    candidates(word, { partOfSpeech, before = [] } = {}) {
      const wordnet = openWordnet();
      const wanted = partOfSpeech === undefined ? parts : partOfTag[partOfSpeech] ? [partOfTag[partOfSpeech]] : [];
      const found = wanted.flatMap((part) => inPart(wordnet, word, part, before));
      found.sort((a, b) => a.rank - b.rank); // stable: noun, verb, adjective, adverb within a rank
      return [...new Set(found.map(({ form }) => form))].filter((form) => form !== word && isPlainWord(form));
    },
  };
}

function inPart(
  wordnet: Wordnet,
  word: string,
  part: WordnetPart,
  before: readonly string[],
): { form: string; rank: number }[] {
  const reading = readingIn(wordnet, word, part);
  const form = formIn(reading, part, before);
  if (form === undefined) return [];
  return usualSenses(wordnet, reading.lemma, part).flatMap((sense) => {
    const same = wordnet.members(sense).filter((lemma) => weightOf(wordnet, lemma, sense) > 0);
    const near = wordnet
      .similar(sense)
      .flatMap((set) => wordnet.members(set).filter((lemma) => weightOf(wordnet, lemma, set) > 1));
    return [...same, ...near]
      .filter((lemma) => lemma !== reading.lemma && isFit(lemma))
      .map((lemma) => ({ form: inflect(lemma, part, form) ?? "", rank: sense.number }));
  });
}

/** Whether a lemma is one word, and neither a name, an abbreviation (`yr`) nor a stop word (`too` does not stand for `also`). */
function isFit(lemma: string): boolean {
  return isPlainWord(lemma) && lemma === lemma.toLowerCase() && lemma.length > 2 && !isStopWord(lemma);
}

/** The dictionary form that a word most likely comes from. */
function readingIn(wordnet: Wordnet, word: string, part: WordnetPart): Reading {
  const known = readingsOf(word, part);
  // "found" is of find, not of found; but "glasses" is a word of its own
  if (part === "noun") known.reverse();
  return known.find(({ lemma }) => wordnet.senses(lemma).some((sense) => sense.part === part)) ?? known[0];
}

/** The form that a word's synonyms must take, or undefined where that can't be told: "they hit" is past or present. */
function formIn({ lemma, form }: Reading, part: WordnetPart, before: readonly string[]): Form | undefined {
  if (form === "pastOrParticiple") return followsAuxiliary(before) ? "participle" : "past";
  if (part !== "verb" || form !== "base" || inflect(lemma, "verb", "past") !== lemma) return form;
  return infinitiveMarks.has(before.at(-1)?.toLowerCase() ?? "") ? "base" : undefined;
}

/** The senses of a lemma that make up its use, most frequent first. */
function usualSenses(wordnet: Wordnet, lemma: string, part: WordnetPart): Sense[] {
  const senses = wordnet.senses(lemma).filter((sense) => sense.part === part);
  const uses = senses.reduce((sum, { count }) => sum + count, 0);
  return senses.filter(({ count, number }) => number === 1 || count > leastShare * uses);
}

/** 2 where a set is a lemma's first sense, 1 where it is another of its usual ones, 0 where the lemma is hardly met in it. */
function weightOf(wordnet: Wordnet, lemma: string, { part, offset }: SynonymSet): 0 | 1 | 2 {
  const sense = usualSenses(wordnet, lemma, part).find((own) => own.offset === offset);
  if (!sense || sense.count < leastCount) return 0;
  return sense.number === 1 ? 2 : 1;
}

const infinitiveMarks = new Set(
  "to will would shall should can could may might must cannot don't doesn't didn't won't let's".split(" "),
);
const auxiliaries = new Set(
  "have has had having 've am is are was were be been being 's 're get gets got getting".split(" "),
);

/** Whether one of the last three words makes a participle of a verb: "has often", "was being". */
function followsAuxiliary(before: readonly string[]): boolean {
  return before.slice(-3).some((word) => {
    const lower = word.toLowerCase().replaceAll("’", "'");
    return auxiliaries.has(lower) || /(?:'ve|'s|'re|(?:is|are|was|were|have|has|had)n't)$/.test(lower);
  });
}

/**
 * Synonyms of a JSON file that holds, for each word, the list of its neighbours: `{"film": ["movie", "picture"], …}`.
 * @throws naming the file, and the word whose list is not one
 */
export function neighbourSynonyms(file: string): SynonymSource {
  requireFile(file, "give a JSON file of the form {word: [neighbour, …]}");
  const json = readJsonObject(file, { budget: new Budget("tokenizer", { bytes: 256 * 2 ** 20, parts: 4_000_000 }) });
  const neighbours = new Map<string, string[]>();
  for (const [word, list] of Object.entries(json)) {
    if (!Array.isArray(list) || list.some((neighbour) => typeof neighbour !== "string")) {
      throw new Error(`"${file}": the neighbours of "${word}" are not a list of words.`);
    }
    neighbours.set(word, list);
  }
  return {
    name: basename(file),
    candidates: (word) => (neighbours.get(word) ?? []).filter((other) => other !== word && isPlainWord(other)),
  };
}

/** Which neighbours of a word count as its synonyms. */
export interface NeighbourOptions {
  /** Nearest words looked at. Default 50, as TextFooler's authors and TextAttack do. */
  neighbours?: number;
  /** Least cosine. Default 0.5, as in the authors' script; the paper on mixtures has 0.8. */
  leastCosine?: number;
}

/**
 * Synonyms by word vectors in GloVe's text format: the nearest words by cosine. With the counter-fitted vectors of
 * Mrkšić et al. (2016) this is what TextFooler's own code takes. The vectors are read once and then kept as an index in
 * the cache ({@link openWordVectors}); the neighbours of a word are kept too.
 *
 * @throws as {@link openWordVectors}, or naming a setting that is out of range
 */
export function counterFittedSynonyms(file: string, options: NeighbourOptions = {}): SynonymSource {
  requireText(file, "counterFittedSynonyms takes the path of a file of word vectors");
  requireOptions(options, "counterFittedSynonyms", "leastCosine");
  const { neighbours = 50, leastCosine = 0.5 } = options;
  if (!(leastCosine >= -1 && leastCosine <= 1)) {
    throw new Error(`leastCosine is ${leastCosine}; give a cosine, from -1 to 1.`);
  }
  if (!(Number.isInteger(neighbours) && neighbours > 0)) {
    throw new Error(`neighbours is ${neighbours}; give a whole number above 0.`);
  }
  requireFile(file, "fetch counter-fitted-vectors.txt of Mrkšić et al. (2016), or take the synonyms of WordNet");
  const vectors = openWordVectors(file);
  const known = new Map<string, string[]>();
  return {
    name: `${basename(file)}, cosine ≥ ${leastCosine}`,
    candidates(word) {
      let found = known.get(word);
      if (!found) {
        const near = nearestWords(vectors, word, { count: neighbours, leastCosine });
        found = near.map((neighbour) => neighbour.word).filter(isPlainWord);
        known.set(word, found);
      }
      return found;
    },
  };
}

function requireFile(file: string, remedy: string): void {
  if (!existsSync(file)) throw new Error(`There is no file of synonyms "${file}"; ${remedy}.`);
}
