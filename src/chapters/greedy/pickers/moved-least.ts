import { greedyPath } from "../../../mixing/greedy.js";
import type { PickerContext } from "../picker.js";
import { sumOf } from "../picker-scores.js";

/** The adapters that training moved least from their start. */
export function movedLeast({ moved, target }: PickerContext): number[] {
  const score = (set: number[]) => sumOf(set.map((i) => moved[i]));
  return greedyPath(moved.length, score, { target }).map(({ added }) => added);
}
