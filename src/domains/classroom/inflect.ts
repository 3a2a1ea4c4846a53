const irregularPlurals: Record<string, string> = {
  man: "men",
  woman: "women",
  child: "children",
  person: "people",
  foot: "feet",
  tooth: "teeth",
  mouse: "mice",
  wife: "wives",
  knife: "knives",
  life: "lives",
  leaf: "leaves",
  wolf: "wolves",
  shelf: "shelves",
  fish: "fish",
  sheep: "sheep",
  half: "halves",
  analysis: "analyses",
  crisis: "crises",
  series: "series",
  potato: "potatoes",
  tomato: "tomatoes",
  hero: "heroes",
  salesman: "salesmen",
  fisherman: "fishermen",
  policeman: "policemen",
};

const irregularPasts: Record<string, string> = {
  be: "was",
  have: "had",
  do: "did",
  go: "went",
  buy: "bought",
  sell: "sold",
  find: "found",
  lose: "lost",
  win: "won",
  make: "made",
  take: "took",
  give: "gave",
  see: "saw",
  tell: "told",
  say: "said",
  meet: "met",
  leave: "left",
  bring: "brought",
  build: "built",
  break: "broke",
  steal: "stole",
  write: "wrote",
  read: "read",
  hold: "held",
  hear: "heard",
  catch: "caught",
  teach: "taught",
  feed: "fed",
  draw: "drew",
  drive: "drove",
  ride: "rode",
  rise: "rose",
  fall: "fell",
  grow: "grew",
  cut: "cut",
  put: "put",
  hit: "hit",
  set: "set",
  shut: "shut",
  send: "sent",
  spend: "spent",
  lead: "led",
  keep: "kept",
  sit: "sat",
  stand: "stood",
  run: "ran",
  swim: "swam",
  sing: "sang",
  eat: "ate",
  sleep: "slept",
  wear: "wore",
  beat: "beat",
  begin: "began",
  choose: "chose",
  pay: "paid",
  throw: "threw",
  get: "got",
  hide: "hid",
  lend: "lent",
  speak: "spoke",
  drink: "drank",
  fly: "flew",
  know: "knew",
  think: "thought",
  wake: "woke",
  let: "let",
  shrink: "shrank",
  come: "came",
  become: "became",
  show: "showed",
  lie: "lay",
  burn: "burned",
};

const doubling =
  /^(?:stop|plan|drop|rob|grab|shop|hug|clap|chat|trim|slip|step|ship|beg|ban|cut|put|hit|set|shut|sit|run|swim|win|get|let|begin|admit|refer|permit)$/;

/** The first word of a phrase inflected, the rest kept: "look after the baby" → "looked after the baby". */
function first(inflect: (word: string) => string): (phrase: string) => string {
  return (phrase) => phrase.replace(/^[\w-]+/, inflect);
}

/** The last word of a phrase inflected: "old car" → "old cars". A phrase "x of y" has its x inflected. */
function last(inflect: (word: string) => string): (phrase: string) => string {
  return (phrase) =>
    phrase.replace(
      /^(.*?)([\w-]+)(?=$| (?:of|for|in|on|from|with|about) )/,
      (_, before: string, word: string) => before + inflect(word),
    );
}

/** "city" → "cities", "man" → "men". */
export const plural = last((noun) => {
  if (irregularPlurals[noun]) return irregularPlurals[noun];
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
});

/** "carry the box" → "carried the box". */
export const past = first((verb) => {
  if (irregularPasts[verb]) return irregularPasts[verb];
  if (verb.endsWith("e")) return `${verb}d`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ied`;
  return doubling.test(verb) ? `${verb + verb.slice(-1)}ed` : `${verb}ed`;
});

const irregularParticiples: Record<string, string> = {
  take: "taken",
  give: "given",
  see: "seen",
  break: "broken",
  steal: "stolen",
  write: "written",
  draw: "drawn",
  drive: "driven",
  ride: "ridden",
  rise: "risen",
  fall: "fallen",
  grow: "grown",
  swim: "swum",
  sing: "sung",
  eat: "eaten",
  wear: "worn",
  beat: "beaten",
  begin: "begun",
  choose: "chosen",
  throw: "thrown",
  hide: "hidden",
  speak: "spoken",
  drink: "drunk",
  fly: "flown",
  know: "known",
  go: "gone",
  do: "done",
  show: "shown",
  be: "been",
  run: "run",
  come: "come",
};

/** "steal the car" → "stolen the car". */
export const participle = first((verb) => irregularParticiples[verb] ?? past(verb));

/** "carry" → "carries", "have" → "has". */
export const third = first((verb) => {
  if (verb === "have") return "has";
  if (verb === "be") return "is";
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh|o)$/.test(verb) ? `${verb}es` : `${verb}s`;
});

/** "make" → "making", "run" → "running". */
export const ing = first((verb) => {
  if (/[^eoy]e$/.test(verb) && verb !== "be") return `${verb.replace(/ie$/, "y").replace(/e$/, "")}ing`;
  return doubling.test(verb) ? `${verb + verb.slice(-1)}ing` : `${verb}ing`;
});

/** "the boys" → "the boys'", "the man" → "the man's". */
export const possessive = (noun: string) => (/s$/.test(noun) ? `${noun}'` : `${noun}'s`);

/** Each long word with a capital: "bank of the north" → "Bank of the North". */
export const title = (phrase: string) =>
  phrase.replace(/\b(?!(?:of|the|and|in|on|for|to|a|an|at|with)\b)[a-z]/g, (letter) => letter.toUpperCase());

/** The first letter as a capital. */
const capital = (phrase: string) => phrase.charAt(0).toUpperCase() + phrase.slice(1);

/** Forms that a template may ask for, by name. */
export const inflections: Readonly<Record<string, (word: string) => string>> = {
  plural,
  past,
  participle,
  third,
  ing,
  possessive,
  title,
  capital,
};
