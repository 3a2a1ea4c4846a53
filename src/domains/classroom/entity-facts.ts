import { frames, type Rule, words } from "./grammar.js";
import { commonRules } from "./lexicon.js";

/** One thing that can be asked and told about an entity. */
export interface Attribute {
  questions: Rule;
  /** Verb phrases whose subject is the entity. */
  tellings: Rule;
  /** A phrase with the same sort of value (a year, a place, a number) that does not answer the question. */
  lure: string;
}

/** A sort of entity with its attributes. */
export interface EntitySort {
  entity: string;
  /** What it may be called after the first mention. */
  called: string;
  attributes: readonly Attribute[];
}

/** Values of the facts. */
export const factRules = {
  ...commonRules,
  year: words(
    "1812, 1834, 1851, 1867, 1878, 1889, 1893, 1902, 1911, 1924, 1931, 1938, 1946, 1953, 1961, 1974, 1985, 1992, 1999, 2003",
    "1845, 1915, 1969, 2007",
  ),
  goods: words(
    "shoes, tea, paper, soap, toys, steel, bread, glass, medicine, furniture, watches, chocolate",
    "bicycles, carpets",
  ),
  material: words("stone, wood, brick, steel, glass, marble, concrete", "iron, clay"),
  field: words("medicine, law, music, physics, history, engineering, art, chemistry", "biology, economics"),
  award: words(
    "a gold medal, the national prize, a state prize, an award for young talent, the peace prize",
    "the city prize",
  ),
  reason: words(
    "a lack of money, a great fire, the war, a change in the law, the death of the owner, a long strike, a bad harvest",
    "a flood, a dispute",
  ),
  illness: words("cancer, a heart attack, pneumonia, a fever, an accident", "a stroke"),
};

const attribute = (questions: readonly string[], tellings: readonly string[], lure: string): Attribute => ({
  questions: frames(questions),
  tellings: frames(tellings),
  lure,
});

const founded = attribute(
  [
    "when was {e} founded?",
    "in what year did {e} begin?",
    "when did {e} start?",
    "what year was {e} set up?",
    "how long ago was {e} created?",
    "in which year was {e} established?",
    "at what time did {e} come into being?",
    "what is the year in which {e} opened?",
  ],
  [
    "was founded in {year}",
    "was set up in {year}",
    "opened its doors in {year}",
    "began its work in {year}",
    "started in {year}",
    "has existed since {year}",
    "dates from {year}",
    "was created in {year}",
  ],
  "got a new roof in {year}",
);
const founder = attribute(
  [
    "who founded {e}?",
    "who was the founder of {e}?",
    "which person started {e}?",
    "who set up {e}?",
    "by whom was {e} founded?",
    "who created {e}?",
    "what is the name of the founder of {e}?",
    "whose idea was {e}?",
  ],
  [
    "was founded by {name}",
    "was the idea of {name}",
    "owes its start to {name}",
    "was set up by {name}",
    "was started by {name}",
    "was created by {name}",
    "has {name} as its founder",
    "was established by {name}",
  ],
  "was visited by {name}",
);
const place = attribute(
  [
    "where is {e}?",
    "in which city is {e}?",
    "where can {e} be found?",
    "what city is {e} in?",
    "what is the location of {e}?",
    "where does {e} have its seat?",
    "which city is home to {e}?",
    "in what place is {e} located?",
  ],
  [
    "stands in {city}",
    "is in the center of {city}",
    "is located in {city}",
    "can be found in {city}",
    "lies in {city}",
    "has its seat in {city}",
    "is based in {city}",
    "has its home in {city}",
  ],
  "is often compared with one in {city}",
);
const staff = attribute(
  [
    "how many people work at {e}?",
    "how large is the staff of {e}?",
    "what is the number of workers at {e}?",
    "how many workers does {e} have?",
    "how many people does {e} employ?",
    "what number of people have jobs at {e}?",
    "how many employees are there at {e}?",
    "how big is the work force of {e}?",
  ],
  [
    "employs {bigCount} people",
    "has {bigCount} workers",
    "gives work to {bigCount} people",
    "has a staff of {bigCount}",
    "has {bigCount} employees",
    "pays {bigCount} workers",
    "provides jobs for {bigCount} people",
    "has {bigCount} people on its staff",
  ],
  "receives {bigCount} letters every week",
);
const closed = attribute(
  [
    "why did {e} close?",
    "what was the reason for the end of {e}?",
    "what caused {e} to close?",
    "why was {e} shut down?",
    "what led to the end of {e}?",
    "for what reason did {e} shut its doors?",
    "what forced {e} to close?",
    "why does {e} no longer exist?",
  ],
  [
    "closed because of {reason}",
    "had to close after {reason}",
    "was shut down because of {reason}",
    "came to an end through {reason}",
    "shut its doors because of {reason}",
    "was closed as a result of {reason}",
    "did not survive {reason}",
    "was forced to close by {reason}",
  ],
  "became famous after {reason}",
);
const makes = attribute(
  [
    "what does {e} make?",
    "what kind of goods does {e} sell?",
    "what is the product of {e}?",
    "what is produced by {e}?",
    "which goods come from {e}?",
    "what does {e} produce?",
    "what can people buy from {e}?",
    "what is made at {e}?",
  ],
  [
    "makes {goods}",
    "produces {goods}",
    "is a maker of {goods}",
    "sells {goods}",
    "earns its money with {goods}",
    "is known for making {goods}",
    "has produced {goods} for years",
    "manufactures {goods}",
  ],
  "does not sell {goods}",
);
const builtOf = attribute(
  [
    "what is {e} made of?",
    "which material was used for {e}?",
    "of what is {e} built?",
    "what was used to build {e}?",
    "what material is {e} made from?",
    "what are the walls of {e} made of?",
    "from what was {e} built?",
    "which material makes up {e}?",
  ],
  [
    "is made of {material}",
    "was built of {material}",
    "has walls of {material}",
    "is a work in {material}",
    "was built from {material}",
    "is constructed of {material}",
    "consists of {material}",
    "was made out of {material}",
  ],
  "stands beside a house of {material}",
);
const height = attribute(
  [
    "how tall is {e}?",
    "how high is {e}?",
    "what is the height of {e}?",
    "how many feet high is {e}?",
    "how many feet tall is {e}?",
    "what height does {e} have?",
    "how far does {e} rise?",
    "to what height does {e} reach?",
  ],
  [
    "is {bigCount} feet high",
    "is {bigCount} feet tall",
    "rises {bigCount} feet",
    "has a height of {bigCount} feet",
    "reaches {bigCount} feet",
    "stands {bigCount} feet tall",
    "goes up {bigCount} feet",
    "measures {bigCount} feet in height",
  ],
  "has {bigCount} visitors a day",
);
const born = attribute(
  [
    "where was {e} born?",
    "in which city was {e} born?",
    "what is the birthplace of {e}?",
    "where did the life of {e} begin?",
    "from what city did {e} come?",
    "which city is the birthplace of {e}?",
    "what city was {e} born in?",
    "where did {e} come into the world?",
  ],
  [
    "was born in {city}",
    "came from {city}",
    "was a native of {city}",
    "came into the world in {city}",
    "began life in {city}",
    "had {city} as a birthplace",
    "was a child of {city}",
    "first saw the light in {city}",
  ],
  "never went to {city}",
);
const died = attribute(
  [
    "how did {e} die?",
    "what was the cause of death of {e}?",
    "of what did {e} die?",
    "what killed {e}?",
    "what did {e} die of?",
    "why did {e} die?",
    "what ended the life of {e}?",
    "from what did {e} die?",
  ],
  [
    "died of {illness}",
    "was killed by {illness}",
    "died after {illness}",
    "lost the fight against {illness}",
    "did not survive {illness}",
    "died because of {illness}",
    "died from {illness}",
    "was taken by {illness}",
  ],
  "wrote a book about {illness}",
);
const studied = attribute(
  [
    "what did {e} study?",
    "which subject did {e} study?",
    "what was the field of {e}?",
    "in what subject did {e} get a degree?",
    "what did {e} learn at university?",
    "which field did {e} choose at college?",
    "what was studied by {e}?",
    "in which field was {e} trained?",
  ],
  [
    "studied {field}",
    "took a degree in {field}",
    "was a student of {field}",
    "was trained in {field}",
    "learned {field} at university",
    "chose {field} at college",
    "had a degree in {field}",
    "went to university for {field}",
  ],
  "had little interest in {field}",
);
const won = attribute(
  [
    "what did {e} win?",
    "which prize did {e} get?",
    "what award was given to {e}?",
    "which award did {e} receive?",
    "what prize went to {e}?",
    "with what was {e} honored?",
    "what honor did {e} receive?",
    "what prize was won by {e}?",
  ],
  [
    "won {award}",
    "received {award}",
    "was given {award}",
    "was honored with {award}",
    "got {award}",
    "took {award}",
    "earned {award}",
    "brought home {award}",
  ],
  "refused {award}",
);
const wedding = attribute(
  [
    "who was married to {e}?",
    "whom did {e} marry?",
    "what was the name of the person {e} married?",
    "who married {e}?",
    "to whom was {e} married?",
    "with whom did {e} share a home?",
    "whose husband or wife was {e}?",
    "who shared the life of {e}?",
  ],
  [
    "married {name}",
    "was married to {name}",
    "shared a home with {name}",
    "had a long marriage with {name}",
    "was the partner of {name}",
    "spent a long life with {name}",
    "lived in marriage with {name}",
    "took the hand of {name}",
  ],
  "had an office next to {name}",
);

/** The sorts of entities that are asked about. */
export const entitySorts: readonly EntitySort[] = [
  { entity: "{firm} {trade}", called: "the company", attributes: [founded, founder, place, staff, closed, makes] },
  {
    entity: "the {firm} [Museum|School|Library|Theater|Hospital|College]",
    called: "the place",
    attributes: [founded, founder, place, staff, closed, builtOf],
  },
  {
    entity: "the {firm} [Tower|Hall|Church|Palace]",
    called: "the building",
    attributes: [founded, place, builtOf, height],
  },
  { entity: "{woman} {surname}", called: "she", attributes: [born, died, studied, won, wedding] },
  { entity: "{man} {surname}", called: "he", attributes: [born, died, studied, won, wedding] },
];
