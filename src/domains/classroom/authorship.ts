import { frames, type Rule, type Writer, words } from "./grammar.js";
import { commonRules } from "./lexicon.js";
import type { Recipe, Written } from "./recipe.js";

/** How a speaker talks. Everybody uses every form now and then; these are habits. */
interface Speaker {
  name: string;
  /** Who acts: "we", "I", "this government" … */
  subject: string;
  modal: string;
  address: string;
  link: string;
  emphasis: string;
  /** Favourite figure of speech: an index into `figures`. */
  figure: number;
  /** Favourite subject matter: an index into `matters`. */
  matter: number;
}

const speakers: readonly Speaker[] = [
  {
    name: "Alder",
    subject: "we",
    modal: "must",
    address: "my friends",
    link: "and so",
    emphasis: "always",
    figure: 0,
    matter: 0,
  },
  {
    name: "Birch",
    subject: "I",
    modal: "will",
    address: "ladies and gentlemen",
    link: "now",
    emphasis: "truly",
    figure: 1,
    matter: 1,
  },
  {
    name: "Cedar",
    subject: "this government",
    modal: "shall",
    address: "members of the house",
    link: "therefore",
    emphasis: "firmly",
    figure: 2,
    matter: 2,
  },
  {
    name: "Elm",
    subject: "we",
    modal: "can",
    address: "fellow citizens",
    link: "but",
    emphasis: "together",
    figure: 3,
    matter: 3,
  },
  {
    name: "Hazel",
    subject: "you and I",
    modal: "may",
    address: "neighbors",
    link: "you see",
    emphasis: "simply",
    figure: 4,
    matter: 4,
  },
];

const matters: readonly Record<"goal" | "trouble", Rule>[] = [
  {
    goal: words(
      "peace, freedom, the safety of our borders, friendship among nations, a strong army, the end of the war",
      "liberty, disarmament",
    ),
    trouble: words("war, fear, hate, tyranny, the enemy, danger from abroad", "aggression, terror"),
  },
  {
    goal: words(
      "new jobs, lower taxes, fair wages, honest trade, a sound budget, strong business",
      "full employment, growth",
    ),
    trouble: words("debt, inflation, waste, unemployment, high prices, greed", "poverty, monopoly"),
  },
  {
    goal: words(
      "better schools, good teachers, science, our universities, the education of our children, free books",
      "literacy, research",
    ),
    trouble: words("ignorance, empty classrooms, bad schools, indifference, idle hands", "neglect, prejudice"),
  },
  {
    goal: words("clean water, good farms, our forests, fresh air, new roads, cheap energy", "our rivers, the soil"),
    trouble: words("drought, dirty air, floods, waste, the loss of land", "pollution, erosion"),
  },
  {
    goal: words(
      "health care, safe streets, good homes, the family, equal rights, care for the old",
      "decent housing, justice",
    ),
    trouble: words("crime, disease, hunger, injustice, drugs, loneliness", "addiction, slums"),
  },
];

/** Sentences by figure of speech: rule of three, numbers, appeal to law, antithesis, anecdote, anaphora. */
const figures: readonly Rule[] = [
  frames([
    "{goal}, {goal2} and {goal3}: that is what {subject} {modal} work for.",
    "{subject} {modal} {emphasis} defend {goal}, build {goal2} and keep {goal3}.",
    "without {goal}, without {goal2}, without {goal3} there is no future.",
    "for {goal}, for {goal2}, for {goal3} {subject} {modal} stand up.",
    "{subject} {modal} fight {trouble}, {trouble2} and {trouble3}.",
    "it takes courage, it takes time, it takes {goal}.",
    "{trouble}, {trouble2} and {trouble3} {modal} come to an end.",
    "first comes {goal}, then {goal2}, and after them {goal3}.",
  ]),
  frames([
    "last year {subject} spent {bigCount} million on {goal}.",
    "in {count} years {subject} {modal} {emphasis} double the money for {goal}.",
    "{bigCount} thousand families suffer from {trouble}.",
    "the cost of {trouble} has grown by {count} percent.",
    "one man in {count} has been hurt by {trouble}.",
    "{subject} {modal} put {bigCount} million into {goal} by {month}.",
    "the budget for {goal} is {count} times what it was.",
    "of every hundred dollars, {count} go to {goal}.",
  ]),
  frames([
    "I ask you to pass a law for {goal}.",
    "the bill on {goal} {modal} {emphasis} be passed in this session.",
    "{subject} {modal} {emphasis} place before you a plan against {trouble}.",
    "the old law on {trouble} {modal} be changed.",
    "it is the duty of this house to act on {goal}.",
    "under the present law, {trouble} cannot be stopped.",
    "I recommend that {subject} {modal} vote for {goal}.",
    "a committee on {goal} {modal} report by {month}.",
  ]),
  frames([
    "{subject} {modal} choose not {trouble} but {goal}.",
    "what {subject} {modal} {emphasis} seek is {goal}, not {trouble}.",
    "{trouble} will not make us great; {goal} will.",
    "let us not talk of {trouble}; let us talk of {goal}.",
    "where others see {trouble}, {subject} {modal} {emphasis} see {goal}.",
    "the choice is between {goal} and {trouble}.",
    "yesterday it was {trouble}; tomorrow it will be {goal}.",
    "{subject} {modal} trade {trouble} for {goal}.",
  ]),
  frames([
    "I met a woman in {city} who told me about {trouble}.",
    "my father used to say that {goal} begins at home.",
    "there is a man named {man} who works every day for {goal}.",
    "a boy from {city} wrote me a letter about {trouble}.",
    "{woman}, a nurse, {emphasis} believes in {goal}.",
    "when I was young, we knew {trouble} well.",
    "in {city} I saw with my own eyes what {trouble} does.",
    "an old farmer asked me if {subject} {modal} do something for {goal}.",
  ]),
  frames([
    "there is a time for {goal}; that time is now.",
    "let there be {goal}; let there be {goal2}.",
    "history {modal} {emphasis} remember {goal}.",
    "never again {trouble}, never again {trouble2}.",
    "in the name of {goal}, in the name of our fathers, {subject} {modal} go on.",
    "great is the power of {goal}, and great is our faith.",
    "upon {goal} rests the hope of the world.",
    "with the help of God {subject} {modal} {emphasis} overcome {trouble}.",
  ]),
];

const grammar = commonRules;

const everyFigure = figures.map((_, i) => i);

/** One of a speaker's habits, or (every second time) anybody's. */
function habit<T>(writer: Writer, own: T, anybodys: readonly T[]): T {
  return writer.chance(0.5) ? own : writer.random.choice(anybodys);
}

function writeSpeech(writer: Writer, label: number): Written {
  const speaker = speakers[label];
  const pick = <K extends keyof Speaker>(key: K) =>
    habit(
      writer,
      speaker[key],
      speakers.map((each) => each[key]),
    );
  const sentences = Array.from({ length: 5 + writer.random.integer(2) }, () => {
    const matter = matters[pick("matter")];
    const [goal, goal2, goal3] = writer.pickSome(matter.goal, 3);
    const [trouble, trouble2, trouble3] = writer.pickSome(matter.trouble, 3);
    const slots = {
      goal,
      goal2,
      goal3,
      trouble,
      trouble2,
      trouble3,
      subject: pick("subject"),
      modal: pick("modal"),
      emphasis: pick("emphasis"),
    };
    const body = writer.phrase(writer.pick(figures[habit(writer, speaker.figure, everyFigure)]), slots);
    return writer.write(writer.chance(0.35) ? `${pick("link")}, ${body}` : body);
  });
  if (writer.chance(0.4)) {
    const at = writer.random.integer(sentences.length);
    sentences[at] = writer.write(
      `${pick("address")}, ${sentences[at].charAt(0).toLowerCase()}${sentences[at].slice(1)}`,
    );
  }
  return { text: sentences.join(" ") };
}

export const authorship: Recipe = {
  name: "authorship",
  task: "Which of five invented speakers gave this passage? They differ in habits of wording, figures of speech and, a little, in subject.",
  labels: speakers.map((speaker) => speaker.name),
  pair: false,
  labelNoise: 0.05,
  grammar,
  write: writeSpeech,
};
