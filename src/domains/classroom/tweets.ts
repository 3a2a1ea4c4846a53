import { type Rule, sharedFrames, type Writer, words } from "./grammar.js";
import { commonRules } from "./lexicon.js";
import type { Recipe, Written } from "./recipe.js";

const grammar = {
  ...commonRules,
  thing: words(
    "the new phone, this song, my job, the game last night, this weather, the concert in {city}, my new bike, the coffee here, school, the train to {city}, this show, " +
      "my hair, the pizza, the election, the traffic, the new season, the hotel in {city}",
    "the album, the wifi here, my exam",
  ),
  event: words(
    "the game, the concert, the party, the meeting, the show, the exam, the wedding, the race in {city}, the final, the first day of school, the big match",
    "the interview, the festival",
  ),
  glad: words("happy, excited, proud, thankful, lucky, in love, relaxed", "thrilled, blessed"),
  sore: words("sad, angry, tired, bored, sick, lonely, disappointed, stressed", "furious, exhausted"),
  nice: words("great, amazing, awesome, beautiful, perfect, fun, lovely, cool, sweet, so good", "fantastic, gorgeous"),
  nasty: words("awful, terrible, horrible, boring, ugly, the worst, a joke, a mess, so bad", "disgusting, pathetic"),
  love: words("love, enjoy, really like, really love, like", "adore"),
  hate: words("hate, dislike, really dislike, really hate, regret", "despise"),
  pain: words(
    "another delay, more rain, homework on a {weekday}, no sleep again, a flat tire, my phone died, a cold in {month}, two hours in traffic",
    "a parking ticket",
  ),
  joy: words(
    "free coffee, a day off, pizza with friends, sunshine, front row seats, the baby smiled at me, my team won, a hug from mom",
    "a puppy",
  ),
  person: words(
    "mom, dad, my sister, my brother, my boss, my teacher, my best friend, {woman}, {man}, the band, the coach",
    "grandma, my cousin",
  ),
};

const frameSets: readonly Rule[] = [
  // negative
  sharedFrames([
    "so done with {thing}",
    "I {hate} {thing}",
    "{thing} is {nasty}",
    "so {sore} about {event}",
    "why is {thing} so {nasty}",
    "{pain}. just great",
    "{event} was {nasty}, worst day ever",
    "not {glad} about {event}",
    "oh great, {pain}. thanks a lot",
    "I wanted to {love} {thing} but no",
    "{event} was not {nice} at all",
    "nothing {nice} about {thing}",
    "{person} made me so {sore} today",
    "can {event} be over already? {nasty}",
    "how can anyone {love} {thing}",
    "{pain}, I love my life",
    "used to {love} {thing}, not anymore",
    "{person} forgot {event}, feeling {sore}",
    "never been so {sore} in my life",
    "wow {thing} is {nasty}",
    "waited for {event} all week and it was {nasty}",
    "please no more of {thing}",
    "{pain} and {pain2}, perfect start",
    "who thought {thing} was a good idea",
  ]),
  // neutral
  sharedFrames([
    "{event} starts at {count} on {weekday}",
    "is anyone going to {event}",
    "{person} is in {city} for {event}",
    "what time is {event}",
    "watching {event} with {person}",
    "{event} has been moved to {month}",
    "does {person} like {thing}",
    "new post about {thing}, link in bio",
    "just saw {person} at {event}",
    "on my way to {event}",
    "who is playing at {event}",
    "is {thing} {nice} or {nasty}? asking for a friend",
    "{person} says {thing} is {nice}, {woman} says it is {nasty}",
    "{count} days until {event}",
    "talking to {person} about {thing}",
    "where did you get {thing}",
    "some {love} {thing}, some {hate} it",
    "reading about {event}",
    "{event} will be on tv on {weekday}",
    "looking for someone who knows {thing}",
    "are you {glad} or {sore} about {event}",
    "{person} asked me about {thing}",
    "anyone here from {city}",
    "poll: {thing}, yes or no",
  ]),
  // positive
  sharedFrames([
    "so into {thing}",
    "I {love} {thing}",
    "{thing} is {nice}",
    "so {glad} about {event}",
    "why is {thing} so {nice}",
    "{joy}. just perfect",
    "{event} was {nice}, best day ever",
    "not {sore} about {event} anymore",
    "oh yes, {joy}. thanks a lot",
    "I wanted to {hate} {thing} but wow",
    "{event} was not {nasty} at all",
    "nothing {nasty} about {thing}",
    "{person} made me so {glad} today",
    "can {event} be every day? {nice}",
    "how can anyone {hate} {thing}",
    "{joy}, I love my life",
    "used to {hate} {thing}, not anymore",
    "{person} remembered {event}, feeling {glad}",
    "never been so {glad} in my life",
    "wow {thing} is {nice}",
    "waited for {event} all week and it was {nice}",
    "please more of {thing}",
    "{joy} and {joy2}, perfect start",
    "whoever thought of {thing} is a genius",
  ]),
];

const smileys: readonly Rule[] = [words(":(, :/, smh, ugh"), words("lol, fyi, btw, hm"), words(":), <3, yay, :D")];

const hashTags = words(
  "weekend, fail, music, football, news, monday, life, work, tv, travel, food, love, school, politics, weather, mood",
  "vote, finals",
);

/** Tweet orthography: user names, hash tags, stretched vowels, missing or shouted letters. */
function tweeted(writer: Writer, sentence: string, label: number): string {
  let text = sentence;
  if (writer.chance(0.15))
    text = text.replace(/\b(so|no|love|great|bad|good|worst|best)\b/, (word) =>
      word.replace(/[aeiou]/, (v) => v.repeat(3)),
    );
  if (writer.chance(0.1)) text = text.replace(/\b(so|never|not|really|worst|best|why)\b/, (word) => word.toUpperCase());
  text = writer.write(text);
  const form = writer.random.integer(3);
  if (form === 0) text = text.toLowerCase();
  if (form === 1) text = text.charAt(0).toLowerCase() + text.slice(1);
  text += writer.random.choice(["", "", ".", "!", "!!", "..."]);
  if (/^(is|does|what|who|where|are|can|why|how|anyone)\b/i.test(sentence) && writer.chance(0.6))
    text = `${text.replace(/[.!]+$/, "")}?`;
  if (writer.chance(0.3)) text = `@user ${text}`;
  // A smiley mostly agrees with the label; one in four is drawn from any set.
  if (writer.chance(0.25)) text += ` ${writer.pick(smileys[writer.chance(0.75) ? label : writer.random.integer(3)])}`;
  if (writer.chance(0.35)) text += ` #${writer.pick(hashTags)}`;
  return text;
}

function writeTweet(writer: Writer, label: number): Written {
  const sentence = writer.phrase(writer.pick(frameSets[label]));
  const more = writer.chance(0.35) ? `. ${writer.phrase(writer.pick(frameSets[1]))}` : "";
  return { text: tweeted(writer, sentence + more, label) };
}

export const tweets: Recipe = {
  name: "tweets",
  task: "Is a tweet negative, neutral or positive? Traps: irony, negation, questions that name both sides.",
  labels: ["negative", "neutral", "positive"],
  pair: false,
  labelNoise: 0.07,
  grammar,
  write: writeTweet,
};
