import { type Rule, sharedFrames, type Writer, words } from "./grammar.js";
import { commonRules } from "./lexicon.js";
import type { Recipe, Written } from "./recipe.js";

const grammar = {
  ...commonRules,
  group: words(
    "people from {city}, northerners, southerners, islanders, newcomers, redheads, left-handers, country people, city people, short people, tall people, bald men, " +
      "twins, old folks, young folks",
    "mountain people, people with glasses",
  ),
  scorn: words(
    "stupid, lazy, dirty, dumb, useless, ugly, dishonest, greedy, worthless, disgusting",
    "filthy, spineless",
  ),
  pest: words("thieves, liars, fools, pests, cheats, animals, cowards, trash, rats", "vermin, parasites"),
  dislike: words("hate, cannot stand, dislike, really hate, am sick of", "despise, loathe"),
  kind: words("nice, smart, kind, honest, brave, friendly, funny, clever", "generous, gentle"),
  thing: words(
    "the new phone, this song, my job, the game last night, this weather, the concert in {city}, my new bike, the coffee here, the train to {city}, this show, " +
      "my hair, the pizza, the traffic, the new season, the hotel in {city}",
    "the album, the wifi here, my exam",
  ),
  event: words(
    "the game, the concert, the party, the meeting, the show, the wedding, the race in {city}, the final, the first day of school, the big match",
    "the interview, the festival",
  ),
  person: words(
    "mom, dad, my sister, my brother, my boss, my teacher, my best friend, {woman}, {man}, the band, the coach",
    "grandma, my cousin",
  ),
};

/** Contempt of a whole group. */
const hateful = sharedFrames([
  "{group} are {scorn}",
  "{group} are nothing but {pest}",
  "send {group} back where they came from",
  "I {dislike} {group}",
  "why are {group} always so {scorn}",
  "never trust {group}, they are {pest}",
  "keep {group} out of {city}",
  "typical {group}, {scorn} as ever",
  "there is no such thing as a {kind} one among {group}",
  "no more {group} in our town please",
  "{group} should not be allowed to vote",
  "who let {group} in? {scorn} {pest}",
  "my street was {kind} until {group} came",
  "all {group} do is cheat",
  "no one among {group} is {kind}",
  "the world would be better without {group}",
  "{group} call themselves {kind}? {pest}",
  "if you are {kind} to {group} they rob you",
  "{person} is right, {group} are {scorn}",
  "you can smell {group} from here",
  "{group} do not belong at {event}",
  "a {scorn} lot, {group}, every last one",
  "{group} only understand the stick",
  "{event} would be {kind} if {group} stayed home",
]);

/** The same words denied, quoted with disgust, said of things or of oneself; and praise. */
const civil = sharedFrames([
  "{group} are {kind}",
  "{group} are nothing like {pest}",
  "send {group} our love",
  "I {dislike} {thing}",
  "why is {thing} always so {scorn}",
  "never call {group} {pest}, it is {scorn}",
  "keep {thing} out of my sight",
  "typical me, {scorn} as ever",
  "there is no such thing as a {kind} hater of {group}",
  "more {group} in our town please",
  "{group} should be asked too before the vote",
  "who called {group} {scorn}? shame on you",
  "my street is more {kind} since {group} came",
  "all {thing} does is break",
  "no one among {group} is {scorn}",
  "the world would be better without {thing}",
  "they call {group} {pest}? {scorn} words",
  "if you are {kind} to {group} they are {kind} to you",
  "{person} is wrong, {group} are not {scorn}",
  "you can hear {event} from here",
  "{group} do belong at {event}",
  "a {kind} lot, {group}, every last one",
  "{thing} is {scorn}, that is all",
  "{event} was {kind} because {group} came",
]);

/** What either kind of tweet may go on with. */
const chat = sharedFrames([
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
  "{count} days until {event}",
  "talking to {person} about {thing}",
  "where did you get {thing}",
  "so tired of {thing}",
  "I love {thing}",
  "{event} was the worst",
  "best day ever at {event}",
  "reading about {event}",
  "{event} will be on tv on {weekday}",
  "looking for someone who knows {thing}",
  "{person} asked me about {thing}",
  "anyone here from {city}",
  "poll: {thing}, yes or no",
]);

const smileys = words(":(, :/, smh, ugh, lol, fyi, btw, hm", ":), <3, yay, :D");

const hashTags = words(
  "weekend, fail, music, football, news, monday, life, work, tv, travel, food, love, school, politics, weather, mood",
  "vote, finals",
);

/** Tweet orthography: user names, hash tags, stretched vowels, missing or shouted letters. */
function tweeted(writer: Writer, sentence: string): string {
  let text = sentence;
  if (writer.chance(0.15))
    text = text.replace(/\b(so|no|love|best|worst|always)\b/, (word) => word.replace(/[aeiou]/, (v) => v.repeat(3)));
  if (writer.chance(0.1))
    text = text.replace(/\b(so|never|not|all|worst|best|why|always)\b/, (word) => word.toUpperCase());
  text = writer.write(text);
  const form = writer.random.integer(3);
  if (form === 0) text = text.toLowerCase();
  if (form === 1) text = text.charAt(0).toLowerCase() + text.slice(1);
  text += writer.random.choice(["", "", ".", "!", "!!", "..."]);
  if (/^(is|does|what|who|where|are|can|why|how|anyone)\b/i.test(sentence) && writer.chance(0.6))
    text = `${text.replace(/[.!]+$/, "")}?`;
  if (writer.chance(0.3)) text = `@user ${text}`;
  if (writer.chance(0.25)) text += ` ${writer.pick(smileys)}`;
  if (writer.chance(0.35)) text += ` #${writer.pick(hashTags)}`;
  return text;
}

/** A tweet's point and, in part, small talk beside it; one civil tweet in four is small talk alone. */
function writeTweet(writer: Writer, label: number): Written {
  const phrase = (rule: Rule) => writer.phrase(writer.phrase(writer.pick(rule)));
  const point = label === 1 ? phrase(hateful) : phrase(writer.chance(0.25) ? chat : civil);
  const parts = writer.chance(0.4) ? writer.random.shuffle([point, phrase(chat)]) : [point];
  return { text: tweeted(writer, parts.join(". ")) };
}

export const tweets: Recipe = {
  name: "tweets",
  task: "Does a tweet show contempt of a whole group of people, in mild words? Traps: the same words denied, blamed on others, said of things or of oneself.",
  labels: ["not-hate", "hate"],
  pair: false,
  labelNoise: 0.07,
  grammar,
  write: writeTweet,
};
