import { dropVector } from "../dare.js";
import type { VectorStrategy } from "../strategy.js";
import { mergeAgreeing } from "./ties.js";

/** DARE's dropping, then TIES's election and mean. */
export const dareTies: VectorStrategy = { density: 0.1, drops: true, sparsify: dropVector, merge: mergeAgreeing };
