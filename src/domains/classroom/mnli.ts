import { frames, type Rule, type Writer, words } from "./grammar.js";
import {
  type Action,
  actions,
  circumstanceRules,
  commonRules,
  type Kind,
  kindPhrases,
  kinds,
  novelActions,
  people,
} from "./lexicon.js";
import type { Recipe, Written } from "./recipe.js";

/** Who did what to which thing, where and when; an empty string is what the premise leaves open. */
interface Scene {
  subject: string;
  /** The subject without what the hypothesis may drop. */
  plainSubject: string;
  was: "was" | "were";
  action: Action;
  kind: Kind;
  noun: string;
  adjective: string;
  object: string;
  plainObject: string;
  place: string;
  time: string;
  state: string;
  manner: string;
}

const premises = frames([
  "{subject}{who} {verb:past} {object} {manner} {place} {time}.",
  "{time}, {subject}{who} {verb:past} {object} {manner} {place}.",
  "{place}, {subject}{who} {verb:past} {object} {manner} {time}.",
  "{object} was {verb:participle} {manner} by {subject}{who} {place} {time}.",
  "we heard that {subject}{who} {verb:past} {object} {manner} {place} {time}.",
  "{time}, just after lunch, {subject}{who} {verb:past} {object} {manner} {place}.",
  "everyone saw how {subject}{who} {verb:past} {object} {manner} {place} {time}.",
  "{subject}{who} stopped for a moment and then {verb:past} {object} {manner} {place} {time}.",
  "it was raining when {subject}{who} {verb:past} {object} {manner} {place} {time}.",
  "to our surprise, {subject}{who} {verb:past} {object} {manner} {place} {time}.",
  "{time}, {object} was {verb:participle} {manner} {place} by {subject}{who}.",
  "{subject}{who} came with a friend and {verb:past} {object} {manner} {place} {time}.",
  "as far as I know, {subject}{who} {verb:past} {object} {manner} {place} {time}.",
  "the letter says that {time} {subject}{who} {verb:past} {object} {manner} {place}.",
  "{time}, while the others were talking, {subject}{who} {verb:past} {object} {manner} {place}.",
  "there is no doubt that {subject}{who} {verb:past} {object} {manner} {place} {time}.",
]);

const sizes = "old, new, small, large";
const prices = "cheap, expensive";
const adjectives: Record<Kind, Rule> = {
  animal: words("old, young, small, large, black, white", "thin, fat"),
  vehicle: words(`${sizes}, ${prices}, black, white`, "heavy, light"),
  fruit: words(`small, large, ${prices}`, "heavy, light"),
  instrument: words(`${sizes}, ${prices}, black, white`, "heavy, light"),
  tool: words(`${sizes}, ${prices}`, "heavy, light"),
  garment: words(`${sizes}, ${prices}, black, white`, "heavy, light"),
  publication: words(`${sizes}, ${prices}`, "heavy, light"),
};
const states = words("tired, awake, happy, sad, hungry, full, rich, poor, sick, healthy", "angry, calm");

/** Words that exclude each other; both of a pair are as common in every kind of hypothesis. */
const opposites = bothWays([
  ["old", "new"],
  ["small", "large"],
  ["cheap", "expensive"],
  ["black", "white"],
  ["heavy", "light"],
  ["thin", "fat"],
  ["tired", "awake"],
  ["happy", "sad"],
  ["hungry", "full"],
  ["rich", "poor"],
  ["sick", "healthy"],
  ["angry", "calm"],
]);

function bothWays(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  return { young: "old", ...Object.fromEntries([...pairs, ...pairs.map(([one, other]) => [other, one])]) };
}

const subjectAdjectives = words("young, old, tall, famous, friendly, quiet", "clever, short");
const reasons = words(
  "for a friend, for the first time, because of the price, without telling anyone, with some help, as a joke, for the children",
  "out of habit, by mistake",
);

const grammar = { ...commonRules, ...circumstanceRules };

function drawAction(writer: Writer): Action {
  return writer.split === "test" && writer.chance(0.2)
    ? writer.random.choice(novelActions)
    : writer.random.choice(actions);
}

function drawScene(writer: Writer): Scene {
  const action = drawAction(writer);
  const kind = writer.random.choice(action.kinds);
  const noun = writer.pick(kinds[kind]);
  const adjective = writer.chance(0.6) ? writer.pick(adjectives[kind]) : "";
  const article = writer.random.choice(["a", "the", "the"]);
  const object = `${article} ${adjective} ${noun}`;
  const maybe = (rule: Rule) => (writer.chance(0.6) ? writer.pick(rule) : "");
  const rest = { action, kind, noun, adjective, object, plainObject: `${article} ${noun}` };
  const where = {
    place: maybe(circumstanceRules.place),
    time: maybe(circumstanceRules.time),
    state: maybe(states),
    manner: writer.chance(0.4) ? writer.pick(reasons) : "",
  };
  const person = writer.pick(people);
  if (writer.chance(0.25)) {
    const name = writer.phrase(writer.chance(0.5) ? "{woman}" : "{man}");
    return { subject: name, plainSubject: name, was: "was", ...rest, ...where };
  }
  if (writer.chance(0.3)) {
    const several = writer.phrase(`{count} {person:plural}`, { person }).toLowerCase();
    return { subject: several, plainSubject: several, was: "were", ...rest, ...where };
  }
  const determiner = writer.random.choice(["a", "the"]);
  const subject = `${determiner} ${writer.chance(0.5) ? writer.pick(subjectAdjectives) : ""} ${person}`;
  return { subject, plainSubject: `${determiner} ${person}`, was: "was", ...rest, ...where };
}

/** A hypothesis, or nothing if the scene does not allow this kind. */
type Hypothesis = (scene: Scene, writer: Writer) => string | undefined;

const another = (writer: Writer, rule: Rule, not: string): string => {
  let other = writer.pick(rule);
  while (other === not) other = writer.pick(rule);
  return other;
};

/** A different thing of a different kind, with a different action. */
function otherEvent(scene: Scene, writer: Writer): { verb: string; object: string } {
  let action = drawAction(writer);
  while ([action.verb, action.opposite].some((verb) => verb === scene.action.verb || verb === scene.action.opposite)) {
    action = drawAction(writer);
  }
  const options = action.kinds.filter((kind) => kind !== scene.kind);
  return { verb: action.verb, object: `the ${writer.pick(kinds[writer.random.choice(options)])}` };
}

const entailed: readonly Hypothesis[] = [
  () => "{plainSubject} {verb:past} {plainObject}.",
  () => "{plainObject} was {verb:participle} by {plainSubject}.",
  ({ kind }) => `{plainSubject} {verb:past} ${kindPhrases[kind]}.`,
  () => "{subject} {synonym:past} {object}.",
  () => "[someone|at least one person] {verb:past} {object}.",
  () => "{plainSubject} did not {opposite} {plainObject}.",
  ({ place }) => (place ? "{plainSubject} {was} {place}." : undefined),
  ({ place, time }) => (place && time ? "{time}, {plainSubject} {verb:past} {plainObject}." : undefined),
  ({ adjective }) => (adjective ? "the {noun} was {adjective}." : undefined),
  ({ state }) => (state ? "{plainSubject} {was} {state}." : undefined),
  ({ state }) => (state ? `{plainSubject} {was} not ${opposites[state]}.` : undefined),
  ({ manner }) => (manner ? "{plainSubject} {verb:past} {plainObject} {manner}." : undefined),
  ({ place }) => (place ? "{plainSubject} {verb:past} {object} {place}." : undefined),
];

const contradicted: readonly Hypothesis[] = [
  () => "{plainSubject} {opposite:past} {plainObject}.",
  () => "{plainSubject} did not {verb} {plainObject}.",
  ({ place }, writer) =>
    place ? `{plainSubject} {verb:past} {object} ${another(writer, circumstanceRules.place, place)}.` : undefined,
  ({ time }, writer) =>
    time ? `${another(writer, circumstanceRules.time, time)}, {plainSubject} {verb:past} {plainObject}.` : undefined,
  ({ kind, noun }, writer) => `{plainSubject} {verb:past} a ${another(writer, kinds[kind], noun)}.`,
  ({ kind, noun }, writer) => `the thing that {plainSubject} {verb:past} was a ${another(writer, kinds[kind], noun)}.`,
  ({ adjective }) => (adjective ? `the {noun} was ${opposites[adjective]}.` : undefined),
  ({ state }) => (state ? `{plainSubject} {was} ${opposites[state]}.` : undefined),
  ({ state }) => (state ? "{plainSubject} {was} not {state}." : undefined),
];

const undecided: readonly Hypothesis[] = [
  ({ manner }, writer) => `{plainSubject} {verb:past} {plainObject} ${another(writer, reasons, manner)}.`,
  ({ adjective, kind }, writer) => (adjective ? undefined : `the {noun} was ${writer.pick(adjectives[kind])}.`),
  ({ state }, writer) => (state ? undefined : `{plainSubject} {was} [|not] ${writer.pick(states)}.`),
  (scene, writer) => {
    const { verb, object } = otherEvent(scene, writer);
    return writer.write("{plainSubject} {verb:past} {object}.", { ...slotsOf(scene), verb, object });
  },
  (scene, writer) => {
    const { verb, object } = otherEvent(scene, writer);
    return `{plainSubject} did not ${verb} ${object}.`;
  },
  ({ place }, writer) =>
    place ? undefined : `{plainSubject} {verb:past} {object} ${writer.pick(circumstanceRules.place)}.`,
  ({ time }, writer) =>
    time ? undefined : `${writer.pick(circumstanceRules.time)}, {plainSubject} {verb:past} {plainObject}.`,
  ({ place }, writer) => (place ? undefined : `{plainSubject} {was} ${writer.pick(circumstanceRules.place)}.`),
];

function slotsOf(scene: Scene): Record<string, string> {
  const { action, state, manner, was, subject, plainSubject, noun, adjective, object, plainObject, place, time } =
    scene;
  const who = state ? `, who ${was} ${state},` : "";
  const { verb, synonym, opposite } = action;
  return {
    verb,
    synonym,
    opposite,
    who,
    state,
    manner,
    was,
    subject,
    plainSubject,
    noun,
    adjective,
    object,
    plainObject,
    place,
    time,
  };
}

function writePair(writer: Writer, label: number): Written {
  const scene = drawScene(writer);
  const slots = slotsOf(scene);
  const kindsOfHypothesis = [entailed, undecided, contradicted][label];
  let hypothesis: string | undefined;
  while (hypothesis === undefined) hypothesis = writer.random.choice(kindsOfHypothesis)(scene, writer);
  return { text: writer.sentence(premises, slots), textPair: writer.write(hypothesis, slots) };
}

export const mnli: Recipe = {
  name: "mnli",
  task: "Does the first sentence entail the second, contradict it, or leave it open?",
  labels: ["entailment", "neutral", "contradiction"],
  pair: true,
  labelNoise: 0.05,
  grammar,
  write: writePair,
};
