import type { SparseMixture } from "../../mixing/prune-then-mix.js";

/** What tables and figures call the kinds of sparse mixtures. */
export const sparseNames: Record<SparseMixture, string> = {
  sparse: "pruned by magnitude",
  random: "random masks",
  randomRescaled: "random masks, rescaled",
  scaledDense: "dense, scaled down",
  scaledSparse: "pruned, scaled up",
  ties: "pruned, signs elected (TIES)",
  dense: "dense",
};
