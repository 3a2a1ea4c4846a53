import { createWriter } from "../../domains/classroom/grammar.js";
import { newsEvents, newsRules } from "../../domains/classroom/news.js";
import type { SplitName } from "../../domains/domain.js";
import type { Random } from "../../engine/random.js";
import type { TaggedExample } from "../tagging.js";

/** The kind of entity that each slot of a report names; other slots name none. */
const types: Record<string, string> = {
  ...{ buyer: "ORG", bought: "ORG", firm: "ORG" },
  ...{ newcomer: "PER", leaver: "PER", person: "PER" },
  ...{ winner: "LOC", loser: "LOC", city: "LOC", host: "LOC", guest: "LOC", country: "LOC" },
};

/** The tags, `O` for a word that belongs to no entity. */
export const entityTags = ["O", ...["PER", "ORG", "LOC"].flatMap((type) => [`B-${type}`, `I-${type}`])];

/** Words, numbers and marks of a text, with the place of each. */
const wordPattern = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|[^\s]/gu;

/** Tags the words of a text by the values of the slots that it was written from. */
export function tagWords(text: string, slots: Readonly<Record<string, string>>): TaggedExample {
  const found = [...text.matchAll(wordPattern)];
  const tags = found.map(() => 0);
  for (const [slot, value] of Object.entries(slots)) {
    const type = types[slot];
    if (type === undefined || value === "") continue;
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
      let place = "B";
      found.forEach(({ index, 0: word }, i) => {
        if (index < at || index + word.length > at + value.length) return;
        tags[i] = entityTags.indexOf(`${place}-${type}`);
        place = "I";
      });
    }
  }
  return { words: found.map(([word]) => word), tags };
}

/** Sentences of news in words, with tags for the names of people, firms and places. */
export function entityExamples(split: SplitName, count: number, random: Random): TaggedExample[] {
  const writer = createWriter(split, random, newsRules);
  return Array.from({ length: count }, () => {
    const event = random.choice(newsEvents);
    const slots = event.draw(writer);
    return tagWords(writer.write(writer.pick(event.reports), slots), slots);
  });
}
