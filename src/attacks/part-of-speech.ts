import { createRequire } from "node:module";

/** A tag of the universal set: `NOUN`, `VERB`, `ADJ`, `ADV`, `PROPN` and the rest. */
export type PartOfSpeech = string;

/** What we use of `wink-nlp`. */
interface Tagger {
  its: { pos: unknown; precedingSpaces: unknown };
  readDoc(text: string): { tokens(): { out(what: unknown): string[] } };
}

let tagger: Tagger | undefined;

/** Loaded at the first use, since reading the English model takes a quarter of a second. */
function loadTagger(): Tagger {
  if (!tagger) {
    const require = createRequire(import.meta.url);
    const create = require("wink-nlp") as (model: unknown, parts: string[]) => Tagger;
    tagger = create(require("wink-eng-lite-web-model"), ["sbd", "pos"]);
  }
  return tagger;
}

/** Neighbours that a tag depends on, as in TextAttack's constraint. */
const context = { before: 4, after: 3 };

/**
 * The part of speech of one word among its neighbours, four before and three after, as TextAttack's constraint looks at it.
 * Tags are wink-nlp's; a hyphenated word has that of its last part, an auxiliary counts as a verb.
 */
export function partOfSpeech(words: readonly string[], at: number): PartOfSpeech {
  const first = Math.max(0, at - context.before);
  const { its, readDoc } = loadTagger();
  const tokens = readDoc(words.slice(first, at + context.after + 1).join(" ")).tokens();
  const spaces = tokens.out(its.precedingSpaces);
  const tags = tokens.out(its.pos);
  let word = 0;
  let tag = "X";
  for (let i = 0; i < tags.length; i++) {
    if (i > 0 && spaces[i] !== "") word++;
    if (word > at - first) break;
    if (word === at - first && (tag === "X" || words[at].includes("-"))) tag = tags[i];
  }
  return tag === "AUX" ? "VERB" : tag;
}

/** Whether one tag may stand for another: the same, or noun for verb (Jin et al. 2020; TextAttack's recipe). */
export function tagsAgree(from: PartOfSpeech, to: PartOfSpeech): boolean {
  const plain = (tag: PartOfSpeech) => (tag === "PROPN" ? "NOUN" : tag);
  const [a, b] = [plain(from), plain(to)];
  return a === b || (a === "NOUN" && b === "VERB") || (a === "VERB" && b === "NOUN");
}
