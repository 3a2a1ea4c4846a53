import type { Writer } from "./grammar.js";
import { alteredFacts, type NewsEvent, newsEvents, newsRules } from "./news.js";
import type { Recipe, Written } from "./recipe.js";

/** Two wordings of one event from this split's own templates, or one of its own and one of train's. */
function twoWordings(event: NewsEvent, writer: Writer): [string, string] {
  const own = writer.pick(event.reports);
  const others = [...event.reports[writer.split], ...event.reports.train].filter((template) => template !== own);
  return writer.random.shuffle([own, writer.random.choice(others)]) as [string, string];
}

function writePair(writer: Writer, label: number): Written {
  const event = writer.random.choice(newsEvents);
  const [first, second] = twoWordings(event, writer);
  const slots = event.draw(writer);
  // A changed fact in nearly the same words is the commonest trap: overlap alone must not decide.
  const other = label === 1 ? slots : alteredFacts(event, slots, writer);
  const rewording = label === 1 || writer.chance(0.5) ? second : first;
  const twice = label === 0 && writer.chance(0.4) ? alteredFacts(event, other, writer) : other;
  const dropDay = writer.chance(0.3);
  const shorter = { ...twice, day: dropDay ? "" : twice.day };
  return { text: writer.write(first, slots), textPair: writer.write(rewording, "day" in slots ? shorter : twice) };
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
