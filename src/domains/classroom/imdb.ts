import { frames, type Writer } from "./grammar.js";
import type { Recipe, Written } from "./recipe.js";
import { opinion, reviewRules, verdict } from "./reviews.js";

const openings = frames([
  "I saw this {film} last {weekday} with {woman} and {man}.",
  "My brother told me to watch this {film}, so I did.",
  "I had read a lot about this {film} before I saw it in {city}.",
  "This {film} was on television late at night.",
  "We rented this {film} because of the {maker}.",
  "I do not often write about a {film}, but this time I must.",
  "After {count} years I watched this {film} again.",
  "It was a rainy {weekday}, and there was nothing else to see.",
  "My wife and I went to see this {film} in {month}.",
  "Let me begin by saying that I have seen a lot of {film:plural}.",
  "Somebody gave me this {film} on my birthday.",
  "The poster made me curious about this {film}.",
]);

const plots = frames([
  "{man} is a {job} in {city} who falls in love with {woman}.",
  "The story is about {woman}, a young {job}, and her brother {man}.",
  "{man} and {woman} lose their home and travel to {city}.",
  "A {job} finds a letter and goes to {city} to look for {woman}.",
  "In the first scene {man}, a {job}, meets {woman} at the station.",
  "{woman} works as a {job} until one day {man} comes back from {country}.",
  "It is set in {country} during the war, where {man} hides from the police.",
  "{man} believes that the {job} has killed his friend {man2}.",
  "There is a {job}, there is a secret, and there is {woman}.",
  "Two friends, {man} and {man2}, want to rob a bank in {city}.",
  "The {job} {man} has {count} days to find {woman}.",
  "Then {woman} leaves {city} and everything changes for {man}.",
]);

const closings = {
  good: frames([
    "I give it {high} out of ten.",
    "Go and see it.",
    "I will watch it again soon.",
    "Do not miss it.",
    "Do not listen to those who tell you to stay away.",
    "I was sorry when it was over.",
    "You will not regret it.",
    "It was worth every cent.",
    "I could not ask for more.",
    "Tell all your friends about it.",
  ]),
  bad: frames([
    "I give it {low} out of ten.",
    "Do not go and see it.",
    "I will never watch it again.",
    "You will miss nothing.",
    "Do not listen to those who tell you to see it.",
    "I was happy when it was over.",
    "You will regret it.",
    "It was not worth a cent.",
    "I had asked for more.",
    "Tell all your friends to stay away.",
  ]),
};

const jobs = "[doctor|teacher|soldier|lawyer|writer|singer|painter|cook|nurse|policeman|sailor|student]";

function writeReview(writer: Writer, label: number): Written {
  const positive = label === 1;
  const sentence = (clause: string) => writer.write(`${clause}.`);
  const scene = () => writer.sentence(plots, { job: writer.phrase(jobs) });
  // Eight remarks, seven of the review's own mind, so that a text cut short has the balance of the whole.
  const minds = writer.random.shuffle([!positive, ...new Array<boolean>(7).fill(positive)]);
  const remarks = minds.map((mind) => sentence(writer.chance(0.2) ? verdict(writer, mind, 1) : opinion(writer, mind)));
  const high = String(7 + writer.random.integer(4));
  const low = String(1 + writer.random.integer(4));
  const parts = [writer.sentence(openings), scene(), ...remarks.slice(0, 4), scene(), ...remarks.slice(4)];
  if (writer.chance(0.5)) parts.push(scene());
  parts.push(sentence(verdict(writer, positive, 0.2)));
  if (writer.chance(0.5)) parts.push(writer.sentence(closings[positive ? "good" : "bad"], { high, low }));
  return { text: parts.join(" ") };
}

export const imdb: Recipe = {
  name: "imdb",
  task: "Is a long film review positive? Plot and remarks of the other side stand between; the balance decides.",
  labels: ["negative", "positive"],
  pair: false,
  labelNoise: 0.05,
  grammar: reviewRules,
  write: writeReview,
};
