import { greedyPath } from "../../../mixing/greedy.js";
import { cosineOf } from "../../../training/text-embedding.js";
import type { PickerContext } from "../picker.js";
import { compareAll, meanOverPairs, sumOf } from "../picker-scores.js";

/**
 * The domains whose texts are most like the target's (AdapterSoup, Chronopoulou et al. 2023); without a target, those that
 * are most alike.
 */
export function text({ texts, target }: PickerContext): number[] {
  const similarity = compareAll(texts, cosineOf);
  const score = (set: number[]) =>
    target === undefined
      ? -meanOverPairs(similarity, set)
      : -sumOf(set.filter((i) => i !== target).map((i) => similarity[target][i]));
  return greedyPath(texts.length, score, { target }).map(({ added }) => added);
}
