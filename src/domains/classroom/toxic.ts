import { frames, sharedFrames, type Writer, words } from "./grammar.js";
import { commonRules } from "./lexicon.js";
import type { Recipe, Written } from "./recipe.js";

const grammar = {
  ...commonRules,
  insult: words("fool, clown, loser, liar, coward, idiot, snake, joke, rat, cheat, crybaby", "moron, weasel"),
  rude: words("stupid, lazy, pathetic, useless, ugly, dumb, fake, greedy, crazy, selfish", "clueless, spineless"),
  kind: words("smart, brave, kind, funny, honest, cool, sweet, strong", "generous, wise"),
  topic: words(
    "the election, the game, this show, the new law, the budget, football, the movie, the news, school, the interview, your last post, taxes, the weather",
    "the debate, the vote",
  ),
  group: words(
    "fans of {city}, people from {city}, you people, politicians, your friends, reporters, the whole team",
    "your followers",
  ),
  thing: words("movie, phone, rule, game, song, plan, idea, question, hat", "excuse, app"),
};

const offensive = sharedFrames([
  "you are such a {insult}",
  "what a {rude} {insult} you are",
  "only a {insult} would say that about {topic}",
  "{group} are so {rude}",
  "shut up about {topic}, {insult}",
  "nobody asked you, {insult}",
  "go back to your cave, you {rude} {insult}",
  "everything you write is {rude}",
  "{man} is a {insult} and always will be",
  "look at this {rude} {insult} talking about {topic}",
  "I have never met anyone as {rude} as {woman}",
  "get a life, you {insult}",
  "{group} have no brain at all",
  "you and your {rude} friends can get lost",
  "not one of {group} is {kind}",
  "you call yourself {kind}? you {insult}",
  "who let this {insult} speak about {topic}",
  "how can anyone be so {rude}",
  "she is not {kind}, she is a {insult}",
  "{man} should crawl back under his rock",
  "cry more, {insult}",
  "your mother must be proud of such a {insult}",
  "you are too {rude} to understand {topic}",
  "{woman} is the most {rude} person on this site",
  "you were never {kind}, not for a day",
  "no wonder {group} hate you",
  "keep your {rude} mouth shut",
  "anyone who likes {topic} is a {insult}",
]);

const civil = sharedFrames([
  "I feel like such a {insult} today",
  "what a {rude} {thing} that was",
  "only a friend would say that about {topic}",
  "{group} are not {rude} at all",
  "please do not call anyone a {insult} when you talk about {topic}",
  "nobody called you a {insult}",
  "the clown in {topic} was a {rude} {insult}, great role",
  "nothing you write is {rude}",
  "{man} is no {insult} and never was",
  "look at this {kind} kid talking about {topic}",
  "I have never met anyone as {kind} as {woman}",
  "I was the {insult} this time, sorry",
  "{group} have a good point about {topic}",
  "you and your {kind} friends are welcome",
  "not one of {group} is {rude}",
  "you call yourself {rude}? you are {kind}",
  "who wants to speak about {topic}",
  "how can a {thing} be so {rude}",
  "she is not a {insult}, she is {kind}",
  "{man} plays a {insult} in the new film",
  "do not cry, {woman}, it was only a {thing}",
  "your mother must be proud of such a {kind} kid",
  "I am too {rude} to understand {topic}",
  "{woman} is the most {kind} person on this site",
  "you were never {rude}, not for a day",
  "no wonder {group} love {topic}",
  "sorry for my {rude} jokes",
  "not everyone who likes {topic} is a {insult}",
]);

const neutral = frames([
  "I watched {topic} with {man}",
  "what do you think about {topic}",
  "{topic} starts at {count}",
  "I read that {group} talked about {topic}",
  "is {topic} over yet",
  "more about {topic} on {weekday}",
  "we should talk about {topic}",
  "here is a link about {topic}",
  "as I said before about {topic}",
  "{woman} told me about {topic}",
  "that {thing} is old news",
  "this is about {topic}",
]);

function writeComment(writer: Writer, label: number): Written {
  const main = writer.phrase(writer.phrase(writer.pick(label === 1 ? offensive : civil)));
  const other = writer.phrase(writer.phrase(writer.pick(neutral)));
  const second = writer.phrase(writer.phrase(writer.pick(neutral)));
  const harmless = label === 0 && writer.chance(0.25);
  const parts = harmless ? [other, second] : writer.chance(0.7) ? writer.random.shuffle([main, other]) : [main];
  const text = writer.write(parts.join(". "));
  const users = "@user ".repeat(writer.random.integer(3));
  return {
    text:
      users +
      (writer.chance(0.5) ? text : text.toLowerCase()) +
      writer.random.choice(["", ".", "!", "...", " lol", "!!!"]),
  };
}

export const toxic: Recipe = {
  name: "toxic",
  task: "Does a comment insult somebody, in mild words? Traps: the same words denied, quoted, said of things or of oneself.",
  labels: ["not-offensive", "offensive"],
  pair: false,
  labelNoise: 0.07,
  grammar,
  write: writeComment,
};
