import { createWriter, type Writer } from "../../domains/classroom/grammar.js";
import { drawnAgain, newsEvents, newsRules } from "../../domains/classroom/news.js";
import type { SplitName } from "../../domains/domain.js";
import type { Random } from "../../engine/random.js";
import type { ScoredExample } from "../regression.js";

/** The score of two sentences that say the same; the scale of STS-B. */
const MOST = 5;

function writePair(writer: Writer, random: Random): ScoredExample {
  const event = random.choice(newsEvents);
  const slots = event.draw(writer);
  const text = writer.write(writer.pick(event.reports), slots);
  if (random.uniform() < 0.15) {
    const other = random.choice(newsEvents.filter((one) => one !== event));
    return { text, textPair: writer.write(writer.pick(other.reports), other.draw(writer)), score: 0 };
  }
  const facts = random.shuffle([...new Set(event.facts)]);
  const changed = facts.slice(0, random.integer(facts.length + 1));
  const score = MOST * (1 - changed.length / facts.length);
  const second = drawnAgain(event, slots, changed, writer);
  return { text, textPair: writer.write(writer.pick(event.reports), second), score };
}

/** Pairs of sentences of news with how alike they are, from 0 to 5: the share of the facts that both state, times five. */
export function similarityExamples(split: SplitName, count: number, random: Random): ScoredExample[] {
  const writer = createWriter(split, random, newsRules);
  return Array.from({ length: count }, () => writePair(writer, random));
}
