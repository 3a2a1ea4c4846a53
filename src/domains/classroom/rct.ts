import { frames, type Rule, sharedFrames, type Writer, words } from "./grammar.js";
import { commonRules } from "./lexicon.js";
import type { Recipe, Written } from "./recipe.js";

const grammar = {
  ...commonRules,
  number: words("24, 36, 48, 60, 72, 84, 96, 112, 120, 150, 180, 210, 240, 300, 360, 420", "54, 130, 275"),
  percent: words("8, 12, 15, 19, 22, 27, 31, 35, 42, 48, 56, 63, 71", "17, 39, 68"),
};

/** What an abstract may be about: one is written wholly in the words of one field. */
const fields: readonly Record<"matter" | "means" | "group" | "measure", Rule>[] = [
  {
    matter: words(
      "heart disease, lung cancer, depression, high blood pressure, back pain, diabetes, lack of sleep, asthma, knee pain, fever, stress",
      "breast cancer, obesity",
    ),
    means: words(
      "a new drug, surgery, regular exercise, a low dose of aspirin, group therapy, a special diet, daily walking, vitamin D, music, massage",
      "yoga, radiation",
    ),
    group: words(
      "patients, children, older adults, students, nurses, men over fifty, pregnant women",
      "athletes, volunteers",
    ),
    measure: words(
      "quality of life, pain, weight, blood pressure, time to recovery, cost, mood, sleep",
      "fatigue, body temperature",
    ),
  },
  {
    matter: words(
      "image search, speech recognition, network traffic, machine translation, data storage, face detection, energy use, network security",
      "motion planning, fraud detection",
    ),
    means: words(
      "a neural network, a genetic algorithm, a search engine, a simple filter, a data model, a linear model, a sensor network, a parallel program",
      "a decision tree, a random search",
    ),
    group: words(
      "users, students, engineers, office workers, programmers, customers, beginners",
      "designers, volunteers",
    ),
    measure: words(
      "error rate, accuracy, speed, memory use, cost, user satisfaction, time to answer",
      "response time, data quality",
    ),
  },
  {
    matter: words(
      "learning to read, school violence, learning mathematics, child care, poverty, traffic accidents, unemployment, air pollution, city growth",
      "water use, teacher training",
    ),
    means: words(
      "small classes, a new school book, free lunch, a summer course, an online course, parent training, higher taxes, a new law, public transport",
      "night school, a free bus",
    ),
    group: words("children, teachers, parents, families, students, workers, city people", "villagers, voters"),
    measure: words("test scores, income, health, attendance, satisfaction, cost, trust", "absence, well-being"),
  },
];

const roles: readonly Rule[] = [
  // background
  sharedFrames([
    "{matter} is a common subject among {group}.",
    "{matter} has been studied for many years, but little is known about {measure}.",
    "it is well known that {means} can help with {matter}.",
    "in recent years, {means} has been used more and more for {matter}.",
    "most studies of {matter} have looked at {group} only.",
    "many {group} suffer from poor {measure}.",
    "the results of earlier studies on {means} do not agree.",
    "{means} is often used, although its effect on {measure} has never been tested.",
    "the goal of most work on {matter} has been a better {measure}.",
    "{measure} depends on many things that are not well understood.",
    "{matter} is one of the main causes of concern in {country}.",
    "until now, {matter} has been dealt with at a high cost only.",
    "in {matter}, {measure} plays an important part.",
    "there is a growing need for {means} in {country}.",
    "earlier trials found that {means} improved {measure} in some {group}.",
    "our knowledge of {matter} comes mostly from small studies.",
  ]),
  // method
  sharedFrames([
    "{number} {group} were given {means} for {count} weeks.",
    "we compared {means} with {means2} in {number} {group}.",
    "{measure} was measured before and after {count} months.",
    "the {group} were divided at random into {count} groups.",
    "we used {means} to study {matter} in {number} {group}.",
    "data were collected from {number} {group} in {country}.",
    "each of the {number} {group} was followed for {count} years.",
    "we tested {means} on {number} cases and then on {number2} others.",
    "the {group} answered questions about {measure} every {count} weeks.",
    "half of the {group} received {means}; the others received nothing.",
    "we searched for all studies of {matter} between 1990 and 2010.",
    "{means} was applied {count} times a week for {count2} months.",
    "differences in {measure} were tested in a standard way.",
    "the results of both groups were compared after {count} weeks.",
    "{group} were included if they had never tried {means}.",
    "to estimate {measure}, we looked at records of {number} {group}.",
  ]),
  // objective
  sharedFrames([
    "the aim of this study was to find out whether {means} improves {measure}.",
    "we wanted to know if {means} is better than {means2} for {matter}.",
    "this paper asks whether {means} can be used for {matter}.",
    "the purpose of this work is to compare {means} with {means2}.",
    "our goal is to understand the effect of {means} on {measure}.",
    "to study the effect of {means} on {measure} in {group}.",
    "in this paper we propose {means} against the problems of {matter}.",
    "here we ask how {means} changes {measure} in {group}.",
    "the question of this study is whether {group} gain from {means}.",
    "we examine whether {matter} has an effect on {measure}.",
    "this trial was planned to test {means} in {group}.",
    "our objective was to measure how {means} affects {measure}.",
    "to determine whether {means} lowers {measure}.",
    "we look for a way to better {measure} by {means}.",
    "we set out to compare {measure} in {group} with and without {means}.",
    "this study looks at the use of {means} in {group}.",
  ]),
  // other
  sharedFrames([
    "the data of this study can be had from the authors.",
    "this work was supported by the state of {country}.",
    "a list of all {number} studies is given at the end.",
    "the authors thank the {group} who took part.",
    "a short version of this paper was read in {city} in {month}.",
    "our material is free for use in research on {matter}.",
    "the trial was registered under the number {number}.",
    "all rights are reserved by the authors and the university of {city}.",
    "the first author was paid by a firm in {city}.",
    "more about {means} can be found on our page.",
    "questions about {measure} may be sent to the first author.",
    "the data on {means} are open to everyone.",
    "the study was approved by the university in {city}.",
    "the next meeting on {matter} will be held in {city}.",
    "the paper has {count} parts, and the last is about {matter}.",
    "the figures show {measure} in color in the online version.",
  ]),
  // result
  sharedFrames([
    "{measure} improved by {percent} percent in the {group} who had {means}.",
    "we found no effect of {means} on {measure}.",
    "{means} was better than {means2} in {percent} percent of the {group}.",
    "after {count} weeks, {measure} was the same in both groups.",
    "only {number} of the {group} finished the study, and {percent} percent of them felt better.",
    "{percent} percent of {group} reported a change in {measure}.",
    "{means} led to a gain of {percent} percent in {measure}.",
    "there was a clear difference in {measure} between {means} and {means2}.",
    "{means} reduced {measure} by {percent} percent.",
    "the effect of {means} on {measure} was small but lasted for {count} months.",
    "{group} who had {means} had less trouble with {matter}.",
    "these findings show that {means} helps {group} with {matter}.",
    "{measure} did not change after {count} months of {means}.",
    "in {percent} percent of cases {means} had no effect.",
    "compared with {means2}, {means} gave a better {measure} in {number} cases.",
    "our experiments show that {means} is {percent} percent cheaper than {means2}.",
  ]),
];

const leads = frames([
  "in {country}, ",
  "among {group}, ",
  "in the field of {matter}, ",
  "in many cases, ",
  "today, ",
  "in {city}, ",
  "with regard to {measure}, ",
  "in general, ",
]);
const tails = frames([
  ", especially in {country}",
  ", in particular among {group}",
  ", both in {city} and elsewhere",
  ", with regard to {measure}",
  ", mainly for reasons of cost",
  ", as in the case of {matter}",
  ", at least in {group}",
  ", in most cases",
]);

function writeRole(writer: Writer, label: number): Written {
  const field = writer.random.choice(fields);
  const [means, means2] = writer.pickSome(field.means, 2);
  const slots = {
    means,
    means2,
    matter: writer.pick(field.matter),
    group: writer.pick(field.group),
    measure: writer.pick(field.measure),
  };
  const other = { ...slots, group: writer.pick(field.group), measure: writer.pick(field.measure) };
  const sentence = writer.phrase(writer.pick(roles[label]), slots).replace(/\.$/, "");
  const bare = /^(to|until|here|this|these|our|all|more|questions|in) /.test(sentence);
  const lead = !bare && writer.chance(0.3) ? writer.phrase(writer.pick(leads), other) : "";
  const tail = writer.chance(0.35) ? writer.phrase(writer.pick(tails), other) : "";
  return { text: writer.write(`${lead}${sentence}${tail}.`) };
}

export const rct: Recipe = {
  name: "rct",
  task: "Which part does a sentence play in an abstract? All five parts speak of the same things.",
  labels: ["background", "method", "objective", "other", "result"],
  pair: false,
  labelNoise: 0.06,
  grammar,
  write: writeRole,
};
