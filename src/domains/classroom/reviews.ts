import { frames, type Rule, type Writer, words } from "./grammar.js";
import { commonRules } from "./lexicon.js";

/** Rules of the film reviews, short (`sst2`) and long (`imdb`). */
export const reviewRules = {
  ...commonRules,
  aspect: words(
    "acting, story, plot, music, dialogue, camera work, cast, script, humor, ending, direction, first half, romance, action",
    "editing, soundtrack, pacing",
  ),
  film: words("film, movie, picture, comedy, drama, thriller", "feature, sequel"),
  maker: words("director, writer, leading man, leading lady, young cast, whole team", "producer"),
  good: words(
    "good, great, funny, moving, clever, charming, fresh, beautiful, warm, honest, brilliant, exciting, strong, smart, powerful",
    "superb, touching, delightful, elegant",
  ),
  bad: words(
    "bad, dull, boring, weak, stupid, silly, slow, empty, awful, terrible, cheap, flat, tired, ugly, predictable",
    "dreadful, clumsy, lifeless, tedious",
  ),
  goodNoun: words("joy, treat, success, pleasure, surprise, triumph, delight, masterpiece", "gem, wonder"),
  badNoun: words("mess, waste of time, failure, disappointment, bore, disaster, mistake, joke", "flop, letdown"),
  liked: words("loved, enjoyed, admired, liked, adored", "cherished"),
  disliked: words("hated, disliked, regretted, could not stand", "loathed"),
  goodVerb: words("works, shines, delights, surprises, succeeds, pays off", "dazzles"),
  badVerb: words("fails, drags, disappoints, falls apart, goes nowhere, annoys", "stumbles"),
  viewer: words("the audience, my friends, the critics, my family, most people", "the fans"),
  neutralFact: words(
    "set in {city}, about two brothers from {city}, based on a novel, shot in black and white, two hours long, made in {country}",
    "told by an old soldier, about a small town",
  ),
};

type Polarity = "good" | "bad";

/** Clauses of one polarity that say so outright. */
const plain: Record<Polarity, Rule> = {
  good: frames([
    "the {aspect} is {good}",
    "the {aspect} {goodVerb}",
    "it is a {good} {film}",
    "this {film} is a {goodNoun}",
    "I {liked} the {aspect}",
    "{viewer} {liked} it",
    "the {maker} did a {good} job",
    "there is something {good} in every scene",
    "the {aspect} is {good1} and {good2}",
    "few things are as {good} as the {aspect} here",
    "you will leave with the feeling of a {goodNoun}",
    "the {aspect} could hardly be more {good}",
    "it turns out to be a {goodNoun}",
    "the {maker} shows us something {good}",
    "every minute is {good}",
    "the {film} is as {good} as its {aspect}",
  ]),
  bad: frames([
    "the {aspect} is {bad}",
    "the {aspect} {badVerb}",
    "it is a {bad} {film}",
    "this {film} is a {badNoun}",
    "I {disliked} the {aspect}",
    "{viewer} {disliked} it",
    "the {maker} did a {bad} job",
    "there is something {bad} in every scene",
    "the {aspect} is {bad1} and {bad2}",
    "few things are as {bad} as the {aspect} here",
    "you will leave with the feeling of a {badNoun}",
    "the {aspect} could hardly be more {bad}",
    "it turns out to be a {badNoun}",
    "the {maker} shows us something {bad}",
    "every minute is {bad}",
    "the {film} is as {bad} as its {aspect}",
  ]),
};

/** Clauses of one polarity made of words of the other. */
const negated: Record<Polarity, Rule> = {
  good: frames([
    "the {aspect} is not {bad} at all",
    "the {aspect} never {badVerb}",
    "it is far from {bad}",
    "nobody could call it {bad}",
    "this {film} is anything but {bad}",
    "I expected a {badNoun} and was wrong",
    "there is not one {bad} scene in it",
    "this is no {badNoun}",
    "the {aspect} is hardly {bad}",
    "nothing about it is {bad}",
    "it does not have a single {bad} moment",
    "{viewer} did not find it {bad}",
    "you cannot say that the {aspect} {badVerb}",
    "it is too honest to be {bad}",
    "not for a minute is it {bad}",
    "those who call it {bad} have not seen it",
  ]),
  bad: frames([
    "the {aspect} is not {good} at all",
    "the {aspect} never {goodVerb}",
    "it is far from {good}",
    "nobody could call it {good}",
    "this {film} is anything but {good}",
    "I expected a {goodNoun} and was wrong",
    "there is not one {good} scene in it",
    "this is no {goodNoun}",
    "the {aspect} is hardly {good}",
    "nothing about it is {good}",
    "it does not have a single {good} moment",
    "{viewer} did not find it {good}",
    "you cannot say that the {aspect} {goodVerb}",
    "it is too loud to be {good}",
    "not for a minute is it {good}",
    "those who call it {good} have not seen it",
  ]),
};

/** Fragments without a verb, which stand alone. */
const fragments: Record<Polarity, Rule> = {
  good: frames([
    "what a {good} {film}",
    "a {good1} and {good2} {film}",
    "a {good1} {film} with a {good2} {aspect}",
    "a {goodNoun} from start to end",
    "{good1}, {good2} and never {bad}",
    "{good} in every way",
    "a {film} with a {good1} {aspect} and a {good2} {aspect2}",
    "never {bad} and often {good}",
  ]),
  bad: frames([
    "what a {bad} {film}",
    "a {bad1} and {bad2} {film}",
    "a {bad1} {film} with a {bad2} {aspect}",
    "a {badNoun} from start to end",
    "{bad1}, {bad2} and never {good}",
    "{bad} in every way",
    "a {film} with a {bad1} {aspect} and a {bad2} {aspect2}",
    "never {good} and often {bad}",
  ]),
};

/** Contrasts in which the clause {main} decides and {other} is only granted. */
const contrasts = frames([
  "{other}, but {main}",
  "although {other}, {main}",
  "{main}, even if {other}",
  "{main}, though {other}",
  "{other}, and yet {main}",
  "while {other}, {main}",
  "{main}, despite the fact that {other}",
  "{other}; still, {main}",
  "in spite of the fact that {other}, {main}",
  "{other}; however, {main}",
]);

const leads = frames([
  "all in all, ",
  "in the end, ",
  "for me, ",
  "to be honest, ",
  "on the whole, ",
  "let me say it at once: ",
  "as I see it, ",
  "if you ask me, ",
  "no doubt about it: ",
  "in my view, ",
]);

/** One clause that praises (or blames), two in ten by negation. */
export function opinion(writer: Writer, positive: boolean): string {
  const polarity = positive ? "good" : "bad";
  return writer.phrase(writer.pick(writer.chance(0.2) ? negated[polarity] : plain[polarity]));
}

/** A clause that decides, sometimes with one that grants something to the other side. */
export function verdict(writer: Writer, positive: boolean, contrast: number): string {
  const main = opinion(writer, positive);
  return writer.chance(contrast)
    ? writer.phrase(writer.pick(contrasts), { main, other: opinion(writer, !positive) })
    : main;
}

/** A short comment: a clause, a contrast, or a fragment, with what surrounds it. */
export function reviewSentence(writer: Writer, positive: boolean): string {
  const fragment = writer.chance(0.2);
  const body = fragment
    ? writer.phrase(writer.pick(fragments[positive ? "good" : "bad"]))
    : verdict(writer, positive, 0.3);
  if (writer.chance(0.3)) return writer.write(`a {film} {neutralFact}: ${body}.`);
  if (fragment) return writer.write(`${body}, {neutralFact}.`);
  return writer.write(`${writer.chance(0.4) ? writer.pick(leads) : ""}${body}.`);
}
