import { frames, type Rule, type Writer, words } from "./grammar.js";
import { commonRules } from "./lexicon.js";
import type { Recipe, Written } from "./recipe.js";

/** A thing people ask about in many wordings; topics are what they ask it about. */
interface Intent {
  wordings: Rule;
  /** The kind of topic it takes; intents that share a kind can be confused. */
  topic: keyof typeof topics;
  /** What narrows the question down. */
  details: Rule;
}

const ages = "at the age of 20, at the age of 30, at the age of 40, at the age of 50, at the age of 60";
const relatives =
  "for my brother, for my sister, for my mother, for my father, for my son, for my daughter, for a friend";
const learning = words(
  `${ages}, at home, without a teacher, on my own, as a student, next to a job, in the evening`,
  "by myself",
);
const buying = words(`${relatives}, under 100 dollars, under 200 dollars, under 500 dollars`, "under 300 dollars");
const repairing = words(
  "at home, without tools, on my own, without paying much, in one day, during a journey",
  "by myself",
);
const explaining = words(
  "in simple words, for children, in one sentence, in physics terms, in daily life",
  "in a few words",
);
const visiting = words(
  "in the spring, in the summer, in the winter, in one day, in a week, with children, on a small budget",
  "in the autumn",
);
const living = words(
  "as a student, as a foreigner, with children, as a woman, with little money, as an old man",
  "as a family",
);
const curing = words(
  "at home, in a week, in a natural way, without a doctor, before an exam, at night, after a birth",
  "in winter",
);
const suffering = words(
  "in children, in old people, at work, at night, in the morning, in winter, after a holiday",
  "in summer",
);
const mattering = words(
  "for children, in our lives, for society, in business, in science, in school, for a country",
  "in history",
);
const becoming = words(
  `${ages}, without a degree, in India, in Canada, in Germany, in Australia, after high school`,
  "in Japan",
);

const topics = {
  skill: words(
    "English, French, Spanish, Chinese, mathematics, chess, cooking, swimming, physics, programming, singing, dancing, writing, history",
    "German, drawing, chemistry, skating",
  ),
  product: words(
    "phone, laptop, camera, car, bicycle, watch, television, printer, guitar, bed, tent, coat, piano, washing machine",
    "tablet, microwave, backpack",
  ),
  place: words(
    "India, Canada, China, Japan, Germany, France, London, Paris, New York, Australia, Brazil, Mexico, Italy, Chicago, Texas",
    "Spain, Tokyo, Boston, Egypt",
  ),
  trouble: words(
    "weight, stress, a cold, back pain, bad habits, a headache, debt, anger, fear, noise, spam, acne, a cough",
    "insects, boredom, a fever",
  ),
  subject: words(
    "time, gravity, money, love, democracy, inflation, light, energy, happiness, intelligence, evolution, sleep, memory",
    "freedom, electricity, hunger",
  ),
  job: words(
    "doctor, lawyer, pilot, teacher, writer, engineer, nurse, actor, scientist, police officer, journalist, photographer",
    "banker, farmer, architect",
  ),
} satisfies Record<string, Rule>;

const intents: readonly Intent[] = [
  {
    topic: "skill",
    details: learning,
    wordings: frames([
      "how can I learn {topic}?",
      "what is the best way to learn {topic}?",
      "how do I get better at {topic}?",
      "which is the best method of learning {topic}?",
      "how should a beginner study {topic}?",
      "what should I do to improve my {topic}?",
      "what are good ways to become better at {topic}?",
      "how does one master {topic}?",
    ]),
  },
  {
    topic: "skill",
    details: learning,
    wordings: frames([
      "how long does it take to learn {topic}?",
      "how much time is needed to learn {topic}?",
      "can I learn {topic} in a month?",
      "how many months do I need for learning {topic}?",
      "how fast can a person learn {topic}?",
      "is it possible to learn {topic} in a short time?",
      "how soon can one be good at {topic}?",
      "how quickly can you master {topic}?",
    ]),
  },
  {
    topic: "skill",
    details: learning,
    wordings: frames([
      "why is {topic} so hard?",
      "what makes {topic} so difficult?",
      "why do people find {topic} difficult?",
      "why do so many students have trouble with {topic}?",
      "what is the reason that {topic} is hard?",
      "why is it so hard to understand {topic}?",
      "why do I fail at {topic}?",
      "is there a reason why {topic} is not easy?",
    ]),
  },
  {
    topic: "product",
    details: buying,
    wordings: frames([
      "what is the best {topic} to buy?",
      "which {topic} should I buy?",
      "can you recommend a good {topic}?",
      "I want to buy a {topic}; which one is best?",
      "what {topic} would you suggest?",
      "which brand makes the best {topic}?",
      "what is a good {topic} for the money?",
      "which {topic} is worth buying?",
    ]),
  },
  {
    topic: "product",
    details: repairing,
    wordings: frames([
      "how do I repair a {topic}?",
      "what can I do if my {topic} does not work?",
      "my {topic} is broken; how can I fix it?",
      "how can I fix my {topic}?",
      "what is the way to repair a broken {topic}?",
      "where can I have my {topic} repaired?",
      "what should I do with a {topic} that stopped working?",
      "is there a way to fix an old {topic}?",
    ]),
  },
  {
    topic: "product",
    details: explaining,
    wordings: frames([
      "how does a {topic} work?",
      "what is the principle behind a {topic}?",
      "can someone explain how a {topic} works?",
      "what happens inside a {topic}?",
      "how is a {topic} able to work?",
      "what makes a {topic} work?",
      "what is inside a {topic}?",
      "what is a simple explanation of how a {topic} works?",
    ]),
  },
  {
    topic: "place",
    details: visiting,
    wordings: frames([
      "what are the best places to visit in {topic}?",
      "where should a tourist go in {topic}?",
      "what should I see in {topic}?",
      "which sights in {topic} must I not miss?",
      "what is there to see in {topic}?",
      "which places should I visit in {topic}?",
      "what are the sights of {topic}?",
      "I am travelling to {topic}; what should I visit?",
    ]),
  },
  {
    topic: "place",
    details: living,
    wordings: frames([
      "what is it like to live in {topic}?",
      "how is life in {topic}?",
      "is {topic} a good place to live?",
      "do people enjoy living in {topic}?",
      "what is daily life like in {topic}?",
      "how good is life in {topic}?",
      "would you like to live in {topic}?",
      "what are the good and bad sides of living in {topic}?",
    ]),
  },
  {
    topic: "place",
    details: living,
    wordings: frames([
      "how can I find a job in {topic}?",
      "what is the best way to get work in {topic}?",
      "where do I look for a job in {topic}?",
      "is it easy to find work in {topic}?",
      "how do foreigners get jobs in {topic}?",
      "how do I get hired in {topic}?",
      "what are the chances of getting a job in {topic}?",
      "how hard is it to get work in {topic}?",
    ]),
  },
  {
    topic: "trouble",
    details: curing,
    wordings: frames([
      "how can I get rid of {topic}?",
      "what is the best cure for {topic}?",
      "what helps against {topic}?",
      "how do I deal with {topic}?",
      "what can I do about {topic}?",
      "how do I lose {topic}?",
      "what should one do against {topic}?",
      "is there a good way to fight {topic}?",
    ]),
  },
  {
    topic: "trouble",
    details: suffering,
    wordings: frames([
      "what causes {topic}?",
      "why do people have {topic}?",
      "where does {topic} come from?",
      "what are the causes of {topic}?",
      "what is the main reason for {topic}?",
      "what is behind {topic}?",
      "why does anyone get {topic}?",
      "what leads to {topic}?",
    ]),
  },
  {
    topic: "subject",
    details: explaining,
    wordings: frames([
      "what is {topic}?",
      "how would you define {topic}?",
      "what does {topic} mean?",
      "what is meant by {topic}?",
      "what is the definition of {topic}?",
      "can someone explain what {topic} is?",
      "what exactly is {topic}?",
      "what do we mean by {topic}?",
    ]),
  },
  {
    topic: "subject",
    details: mattering,
    wordings: frames([
      "why is {topic} important?",
      "what is the importance of {topic}?",
      "why do we need {topic}?",
      "why does {topic} matter?",
      "what would happen without {topic}?",
      "what is the use of {topic}?",
      "is {topic} really necessary?",
      "how important is {topic}?",
    ]),
  },
  {
    topic: "job",
    details: becoming,
    wordings: frames([
      "how do I become a {topic}?",
      "what should I do to become a {topic}?",
      "what do I have to study to be a {topic}?",
      "what are the steps to becoming a {topic}?",
      "I want to be a {topic}; where do I start?",
      "how can one become a {topic}?",
      "which degree does a {topic} need?",
      "what does it take to be a {topic}?",
    ]),
  },
  {
    topic: "job",
    details: becoming,
    wordings: frames([
      "how much does a {topic} earn?",
      "what is the salary of a {topic}?",
      "how well is a {topic} paid?",
      "how much money does a {topic} make?",
      "what does a {topic} get paid?",
      "do you get rich as a {topic}?",
      "what is the average pay of a {topic}?",
      "what can a {topic} earn in a year?",
    ]),
  },
];

/** Questions whose two places may be exchanged, which changes what is asked. */
const ordered = frames([
  "is {one} better than {two}?",
  "how do I get from {one} to {two}?",
  "why is {one} larger than {two}?",
  "should I move from {one} to {two}?",
  "is it cheaper to fly from {one} to {two}?",
  "why do people leave {one} for {two}?",
  "is life in {one} better than in {two}?",
  "how far is it from {one} to {two}?",
]);

const openings = words("please tell me, does anyone know, I would like to ask, just curious", "quick question");

/** The template with the detail before its question mark. */
const narrowed = (question: string, detail: string) => question.replace(/\?$/, ` ${detail}?`);

function asked(question: string, writer: Writer): string {
  return writer.chance(0.15) ? `${writer.pick(openings)}: ${question}` : question;
}

function orderedPair(writer: Writer, label: number): Written {
  const [one, two] = writer.pickSome(topics.place, 2);
  const template = writer.pick(ordered);
  const second = label === 1 ? { one, two } : { one: two, two: one };
  const opening = `${writer.pick(openings)}: `;
  return { text: writer.write(template, { one, two }), textPair: writer.write(opening + template, second) };
}

function another(rule: Rule, not: string, writer: Writer): string {
  let other = writer.pick(rule);
  while (other === not) other = writer.pick(rule);
  return other;
}

function writePair(writer: Writer, label: number): Written {
  if (writer.chance(0.05)) return orderedPair(writer, label);
  const intent = writer.random.choice(intents);
  const rule = topics[intent.topic];
  const topic = writer.pick(rule);
  const first = writer.pick(intent.wordings);
  const known = [...intent.wordings[writer.split], ...intent.wordings.train].filter((wording) => wording !== first);
  const detail = writer.chance(0.7) ? writer.pick(intent.details) : "";
  const second = { wording: writer.random.choice(known), topic, detail };
  if (label === 0) {
    // Half of the pairs differ in two ways, the other half in one.
    const ways = writer.random.shuffle(detail ? ["topic", "intent", "detail"] : ["topic", "intent"]);
    const trap = writer.chance(0.5) ? ways.slice(0, 2) : ways.slice(0, 1);
    if (!trap.includes("intent") && writer.chance(0.3)) second.wording = first;
    if (trap.includes("topic")) second.topic = another(rule, topic, writer);
    if (trap.includes("detail")) second.detail = another(intent.details, detail, writer);
    if (trap.includes("intent")) {
      const rivals = intents.filter((other) => other.topic === intent.topic && other !== intent);
      second.wording = writer.pick(writer.random.choice(rivals).wordings);
    }
  }
  return {
    text: writer.write(narrowed(first, detail), { topic }),
    textPair: writer.write(asked(narrowed(second.wording, second.detail), writer), { topic: second.topic }),
  };
}

export const qqp: Recipe = {
  name: "qqp",
  task: "Do two questions ask the same? Traps: the same wording about another topic, the same topic in another question, order.",
  labels: ["not_duplicate", "duplicate"],
  pair: true,
  labelNoise: 0.05,
  grammar: commonRules,
  write: writePair,
};
