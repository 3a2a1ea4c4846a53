import { type Attribute, entitySorts, factRules } from "./entity-facts.js";
import { frames, type Writer } from "./grammar.js";
import type { Recipe, Written } from "./recipe.js";

const asides = frames([
  "[today|nowadays] {called} is [little known|almost forgotten]",
  "{called} is mentioned in many books",
  "little else is known about {called2}",
  "there are several films about {called2}",
  "many people have heard of {called2}",
  "{called} was famous for a time",
  "the papers wrote a lot about {called2}",
  "{called} has many friends",
]);

function writePair(writer: Writer, label: number): Written {
  const { entity, called, attributes } = writer.random.choice(entitySorts);
  const e = writer.phrase(entity);
  const [asked, first, second] = writer.random.shuffle(attributes);
  const phrase = (template: string) => writer.phrase(template, { name: writer.phrase("[{woman}|{man}] {surname}") });
  const tell = (told: Attribute) => phrase(writer.pick(told.tellings));
  const answered = label === 0;
  // What is told: two phrases about the entity. A lure has the sort of value asked for, but answers nothing.
  const decoy = writer.chance(0.35) ? phrase(asked.lure) : tell(first);
  const told = answered ? [tell(asked), writer.chance(0.2) ? phrase(asked.lure) : tell(second)] : [decoy, tell(second)];
  const [one, two] = writer.random.shuffle(told);
  const object = called === "she" ? "her" : called === "he" ? "him" : called;
  const aside = writer.sentence(asides, { called, called2: object }).replace(/\.$/, "").toLowerCase();
  const telling = writer.random.choice([
    "{e} {one} and {two}.",
    "{e} {one}; {called} {two}.",
    "{e} {one} and {two}; {aside}.",
    "{aside2}, but {e} {one} and {two}.",
  ]);
  const sentence = writer.write(telling, {
    e,
    one,
    two,
    called,
    aside,
    aside2: writer.sentence(asides, { called: e, called2: e }),
  });
  // Three in ten sentences that do not answer are about something else altogether.
  const subject = !answered && writer.chance(0.3) ? writer.phrase(entity) : e;
  return { text: writer.write(writer.pick(asked.questions), { e: subject }), textPair: sentence };
}

export const qnli: Recipe = {
  name: "qnli",
  task: "Does the sentence answer the question? Traps: other facts about the same thing, and a value of the right sort in the wrong role.",
  labels: ["entailment", "not_entailment"],
  pair: true,
  labelNoise: 0.05,
  grammar: factRules,
  write: writePair,
};
