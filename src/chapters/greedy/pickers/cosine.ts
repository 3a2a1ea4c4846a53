import { greedyPath } from "../../../mixing/greedy.js";
import { cosineSimilarity } from "../../../mixing/similarity.js";
import type { PickerContext } from "../picker.js";
import { compareAll, meanOverPairs } from "../picker-scores.js";

/** Greedy by the highest mean cosine between the weights of the set's adapters. */
export function cosine({ adapters, target }: PickerContext): number[] {
  const similarity = compareAll(adapters, cosineSimilarity);
  return greedyPath(adapters.length, (set) => -meanOverPairs(similarity, set), { target }).map(({ added }) => added);
}
