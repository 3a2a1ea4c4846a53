import type { Random } from "../../engine/random.js";
import type { SplitName } from "../domain.js";
import { inflections } from "./inflect.js";

/** Alternatives for one slot: what each split may draw, and words that only the test split ever sees. */
export interface Rule {
  train: readonly string[];
  dev: readonly string[];
  test: readonly string[];
  /** Drawn by test alone, with probability `noveltyRate`. */
  novel: readonly string[];
}

/** Rules by slot name. */
export type Grammar = Readonly<Record<string, Rule>>;

/** How often test draws a word that train and dev never show, where a rule has such words. */
export const noveltyRate = 0.35;

/** Words shared by all splits, comma-separated, and words kept for test. */
export function words(shared: string, novel = ""): Rule {
  const list = splitList(shared);
  return { train: list, dev: list, test: list, novel: novel === "" ? [] : splitList(novel) };
}

/** Names of people, places, firms: no split shows a name of another. */
export function names(list: string): Rule {
  return disjoint(splitList(list));
}

/** Sentence templates: no split shows a template of another. Needs at least five, so that each split gets one. */
export function frames(list: readonly string[]): Rule {
  return disjoint(list);
}

/**
 * Sentence templates that themselves carry the label, where an unseen one cannot be understood from its parts: dev and
 * test draw half from their own, half from those of train (with other words in them).
 */
export function sharedFrames(list: readonly string[]): Rule {
  const { train, dev, test, novel } = disjoint(list);
  const half = (own: readonly string[]) => [...train, ...train.map((_, i) => own[i % own.length])];
  return { train, dev: half(dev), test: half(test), novel };
}

const turns: readonly SplitName[] = ["train", "train", "test", "train", "dev", "train", "test", "train"];

function disjoint(list: readonly string[]): Rule {
  if (list.length < 5)
    throw new Error(`A rule that is disjoint by split needs at least 5 entries: ${list.join(" / ")}`);
  const of = (split: SplitName) => list.filter((_, i) => turns[i % turns.length] === split);
  return { train: of("train"), dev: of("dev"), test: of("test"), novel: [] };
}

function splitList(list: string): string[] {
  return list
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** Writes text for one split from rules and templates. */
export interface Writer {
  readonly split: SplitName;
  readonly random: Random;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One alternative of a rule, as this split may see it. */
  pick(rule: Rule): string;
  /** `count` different alternatives of a rule. */
  pickSome(rule: Rule, count: number): string[];
  /**
   * Fills a template. `[a|b]` is a choice, `{slot}` a value of `slots` or a draw from the grammar's rule of that name, and
   * `{slot:form}` that value inflected (`plural`, `past`, `third`, `ing`, `possessive`, `title`). A slot name that
   * ends in a digit is drawn once: `{city1}` is the same city wherever it stands, and another than `{city2}`.
   */
  write(template: string, slots?: Record<string, string>): string;
  /** Fills a template for use inside another: spaces, capitals and articles are left to that one. */
  phrase(template: string, slots?: Record<string, string>): string;
  /** Draws a template from a rule and fills it. */
  sentence(rule: Rule, slots?: Record<string, string>): string;
}

/** A writer for one split of one domain. */
export function createWriter(split: SplitName, random: Random, grammar: Grammar): Writer {
  const chance = (probability: number) => random.uniform() < probability;

  const pick = (rule: Rule): string => {
    if (split === "test" && rule.novel.length > 0 && chance(noveltyRate)) return random.choice(rule.novel);
    return random.choice(rule[split]);
  };

  const pickSome = (rule: Rule, count: number): string[] => {
    const taken = new Set<string>();
    for (let tries = 0; taken.size < count; tries++) {
      if (tries > 1000) throw new Error(`A rule has fewer than ${count} alternatives for ${split}.`);
      taken.add(pick(rule));
    }
    return [...taken];
  };

  const fill = (template: string, slots: Record<string, string>): string => {
    let text = template;
    while (text.includes("[")) {
      const before = text;
      text = text.replace(/\[([^[\]]*)\]/, (_, choices: string) => random.choice(choices.split("|")));
      if (text === before) throw new Error(`Brackets do not match in the template "${template}".`);
    }
    return text.replace(/\{(\w+?)(\d*)(?::(\w+))?\}/g, (_, name: string, digits: string, form: string | undefined) => {
      const value = slots[name + digits] ?? draw(name, digits, slots, template);
      return form === undefined ? value : inflected(value, form);
    });
  };

  const draw = (name: string, digits: string, slots: Record<string, string>, template: string): string => {
    const rule = grammar[name];
    if (!rule) throw new Error(`The template "${template}" has a slot "${name}" that is neither given nor a rule.`);
    if (digits === "") return fill(pick(rule), slots);
    const others = new Set(
      Object.keys(slots)
        .filter((key) => key.replace(/\d+$/, "") === name)
        .map((key) => slots[key]),
    );
    let value = fill(pick(rule), slots);
    for (let tries = 0; others.has(value) && tries < 100; tries++) value = fill(pick(rule), slots);
    slots[name + digits] = value;
    return value;
  };

  const phrase = (template: string, slots: Record<string, string> = {}) => fill(template, { ...slots });
  const write = (template: string, slots: Record<string, string> = {}) => tidy(phrase(template, slots));
  return { split, random, chance, pick, pickSome, phrase, write, sentence: (rule, slots) => write(pick(rule), slots) };
}

function inflected(value: string, form: string): string {
  const inflect = inflections[form];
  if (!inflect) throw new Error(`There is no form "${form}"; known are ${Object.keys(inflections).join(", ")}.`);
  return inflect(value);
}

/** Mends spaces, articles (a/an) and capitals at sentence starts. */
export function tidy(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/^[\s,]+/, "")
    .replace(/\s*,[\s,]*([,.;!?])/g, "$1")
    .replace(/ ([,.;:!?])(?=\s|$)/g, "$1")
    .replace(/([,;:])[,;:]/g, "$1")
    .replace(
      /\b([Aa])n? (?=["(]?([\w]+))/g,
      (_, a: string, next: string) => `${a}${startsWithVowelSound(next) ? "n" : ""} `,
    )
    .trim()
    .replace(/(^|[.!?]["')]? )([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}

function startsWithVowelSound(word: string): boolean {
  if (/^(hour|honest|honou?r|heir)/i.test(word)) return true;
  if (/^(8|11|18)\b|^8\d/.test(word)) return true;
  if (/^(uni(?!n|m)|use|usu|eu|one\b|once|ut[ei])/i.test(word)) return false;
  return /^[aeiou]/i.test(word);
}
