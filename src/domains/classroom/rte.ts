import { frames, type Writer } from "./grammar.js";
import { alteredFacts, newsEvents, newsRules } from "./news.js";
import type { Recipe, Written } from "./recipe.js";

const asserted = frames([
  "it is now certain that {report}",
  "officials confirmed that {report}",
  "a spokesman said it was true that {report}",
  "there is proof that {report}",
  "newspapers could confirm that {report}",
  "it is a fact that {report}",
  "everybody agrees that {report}",
  "the government has confirmed that {report}",
]);

const denied = frames([
  "it is not true that {report}",
  "officials denied that {report}",
  "a spokesman said it was a lie that {report}",
  "there were false rumors that {report}",
  "newspapers were wrong to say that {report}",
  "nobody can prove that {report}",
  "it was a mistake to say that {report}",
  "the government has denied that {report}",
]);

/** A sentence that can follow "that": its first word without the capital, unless it is a name. */
function embedded(report: string): string {
  return report.replace(
    /^(A|An|The|In|At|On|For|If|After|People|Shares|Investors|Officials|Police|Researchers|Scientists|Leaders|Stock|There|With)\b/,
    (word) => word.toLowerCase(),
  );
}

function writePair(writer: Writer, label: number): Written {
  const [event, distractor] = writer.random.shuffle(newsEvents);
  const slots = event.draw(writer);
  const [right, wrong] = writer.random.choice(event.claims);
  const trap = label === 0 ? "none" : writer.random.choice(["denied", "wrong", "altered", "stranger", "stranger"]);
  // Denials and confirmations stand as often in texts that entail the claim: there they concern the other news.
  const wrap = (text: string, frame: typeof denied) => writer.sentence(frame, { report: embedded(text) });
  let report = writer.sentence(event.reports, slots);
  let other = writer.sentence(distractor.reports, distractor.draw(writer));
  if (trap === "denied") report = wrap(report, denied);
  else if (writer.chance(0.3)) report = wrap(report, asserted);
  if (trap !== "denied" && writer.chance(0.2)) other = wrap(other, denied);
  else if (writer.chance(0.15)) other = wrap(other, asserted);
  const claimed =
    trap === "altered" ? alteredFacts(event, slots, writer) : trap === "stranger" ? event.draw(writer) : slots;
  const claim = writer.write(trap === "wrong" ? wrong : right, claimed);
  return { text: writer.random.shuffle([report, other]).join(" "), textPair: claim };
}

export const rte: Recipe = {
  name: "rte",
  task: "Does a claim follow from two sentences of news? Traps: roles exchanged, a fact changed, a denial.",
  labels: ["entailment", "not_entailment"],
  pair: true,
  labelNoise: 0.05,
  grammar: newsRules,
  write: writePair,
};
