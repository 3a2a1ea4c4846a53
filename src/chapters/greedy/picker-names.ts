import type { RegretRow } from "./regret.js";

/** What tables and figures call a way to choose a mixture. */
export const pickerNames: Record<RegretRow["picker"] | "best", string> = {
  fsd: "least FSD",
  fsdOfChange: "least FSD of the change",
  cosine: "highest cosine of weights",
  text: "most similar texts",
  movedLeast: "moved least",
  random: "at random",
  best: "cross-fitted best",
};
