import type { Writer } from "./grammar.js";
import { alteredFacts, type NewsEvent, newsEvents, newsRules } from "./news.js";
import type { Recipe, Written } from "./recipe.js";

/** Two wordings of one event from this split's own templates, or one of its own and one of train's. */
function twoWordings(event: NewsEvent, writer: Writer): [string, string] {
  const own = writer.pick(event.reports);
  const others = [...event.reports[writer.split], ...event.reports.train].filter((template) => template !== own);
  return writer.random.shuffle([own, writer.random.choice(others)]) as [string, string];
}

/** The facts of the second sentence of a pair that does not say the same: from nearly all others to one other. */
function otherFacts(event: NewsEvent, slots: Record<string, string>, writer: Writer): Record<string, string> {
  const shared = writer.random.choice(event.facts);
  if (writer.chance(0.45)) return { ...event.draw(writer), [shared]: slots[shared] };
  const once = alteredFacts(event, slots, writer);
  return writer.chance(0.5) ? alteredFacts(event, once, writer) : once;
}

function writePair(writer: Writer, label: number): Written {
  const event = writer.random.choice(newsEvents);
  const [first, second] = twoWordings(event, writer);
  const slots = event.draw(writer);
  const facts = label === 1 ? slots : otherFacts(event, slots, writer);
  // Other facts in the very same words are a trap, and so are the same facts in other words.
  const rewording = label === 0 && writer.chance(0.3) ? first : second;
  const day = writer.chance(0.3) ? "" : facts.day;
  return {
    text: writer.write(first, slots),
    textPair: writer.write(rewording, "day" in facts ? { ...facts, day } : facts),
  };
}

export const mrpc: Recipe = {
  name: "mrpc",
  task: "Do two news sentences say the same? Traps: the same words with one fact changed.",
  labels: ["not_equivalent", "equivalent"],
  pair: true,
  labelNoise: 0.05,
  grammar: newsRules,
  write: writePair,
};
