import { createRequire } from "node:module";

/** A form of a word: as in the dictionary, or inflected. */
export type Form =
  | "base"
  | "plural"
  | "third"
  | "gerund"
  | "past"
  | "participle"
  | "pastOrParticiple"
  | "comparative"
  | "superlative";

/** A dictionary form and the form of it that a word is. */
export interface Reading {
  lemma: string;
  form: Form;
}

type Tense = "PresentTense" | "PastTense" | "Gerund" | "Participle";
type Model = unknown;

/** What we use of `compromise`. */
interface Transforms {
  noun: { toPlural(word: string, model: Model): string; toSingular(word: string, model: Model): string };
  verb: {
    toInfinitive(word: string, model: Model, tense: Tense): string;
    conjugate(word: string, model: Model): Partial<Record<Tense, string>>;
  };
  adjective: {
    toComparative(word: string, model: Model): string;
    toSuperlative(word: string, model: Model): string;
    fromComparative(word: string, model: Model): string;
    fromSuperlative(word: string, model: Model): string;
  };
}

let loaded: (Transforms & { model: Model }) | undefined;

/** Loaded at the first use, since its word lists take a third of a second to unpack. */
function transforms(): Transforms & { model: Model } {
  if (!loaded) {
    const library = createRequire(import.meta.url)("compromise/two") as {
      methods(): { two: { transform: Transforms } };
      model(): Model;
    };
    loaded = { ...library.methods().two.transform, model: library.model() };
  }
  return loaded;
}

/**
 * The dictionary forms that a noun, verb or adjective (in lower case) may come from, inflected readings first. Only
 * readings that inflect back to the very word count, so a wrong guess of the library is not taken.
 */
export function readingsOf(word: string, part: "noun" | "verb" | "adjective" | "adverb"): Reading[] {
  const readings: Reading[] = [];
  const add = (lemma: string | undefined, form: Form) => {
    if (lemma && lemma !== word && inflect(lemma, part, form) === word) readings.push({ lemma, form });
  };
  const { noun, verb, adjective, model } = transforms();
  if (part === "noun") add(noun.toSingular(word, model), "plural");
  if (part === "verb") {
    add(verb.toInfinitive(word, model, "PresentTense"), "third");
    add(verb.toInfinitive(word, model, "Gerund"), "gerund");
    const past = verb.toInfinitive(word, model, "PastTense");
    const { PastTense, Participle = PastTense } = verb.conjugate(past, model);
    if (PastTense === Participle) add(past, "pastOrParticiple");
    else add(past, "past");
    add(verb.toInfinitive(word, model, "Participle"), "participle");
  }
  if (part === "adjective") {
    add(adjective.fromComparative(word, model), "comparative");
    add(adjective.fromSuperlative(word, model), "superlative");
  }
  const last = readings.at(-1);
  if (readings.length > 1 && last?.form === "participle" && readings.some(({ form }) => form === "pastOrParticiple")) {
    readings.pop();
  }
  return [...readings, { lemma: word, form: "base" }];
}

/**
 * A dictionary form in another form: `deliver`, `gerund` → `delivering`.
 * @returns undefined where there is none: "intelligenter" is not made
 */
export function inflect(lemma: string, part: "noun" | "verb" | "adjective" | "adverb", form: Form): string | undefined {
  if (form === "base") return lemma;
  const { noun, verb, adjective, model } = transforms();
  if (part === "noun") return form === "plural" ? noun.toPlural(lemma, model) : undefined;
  if (part === "adjective") {
    if (!takesEndings(lemma)) return undefined;
    const made = form === "comparative" ? adjective.toComparative(lemma, model) : adjective.toSuperlative(lemma, model);
    return made === lemma ? undefined : made;
  }
  if (part !== "verb") return undefined;
  const { PresentTense, Gerund, PastTense, Participle = PastTense } = verb.conjugate(lemma, model);
  // "hit" is its own past, but only verbs in -t and -d are; the library is wrong about others
  if (PastTense === lemma && !/[td]$/.test(lemma)) return undefined;
  if (form === "third") return PresentTense;
  if (form === "gerund") return Gerund;
  if (form === "past") return PastTense;
  if (form === "participle") return Participle;
  return PastTense === Participle ? PastTense : undefined;
}

/** Adjectives that take -er and -est: of one syllable, or of two with the second in -y. */
function takesEndings(adjective: string): boolean {
  const syllables = adjective.replace(/e$/, "").match(/[aeiouy]+/g)?.length ?? 1;
  return syllables <= 1 || (syllables === 2 && adjective.endsWith("y"));
}
