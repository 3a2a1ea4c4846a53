import type { Recipe } from "./recipe.js";
import { reviewRules, reviewSentence } from "./reviews.js";

export const sst2: Recipe = {
  name: "sst2",
  task: "Is a short comment on a film positive? Traps: negation, contrast, good things said of a bad film.",
  labels: ["negative", "positive"],
  pair: false,
  labelNoise: 0.06,
  grammar: reviewRules,
  write: (writer, label) => ({ text: reviewSentence(writer, label === 1) }),
};
