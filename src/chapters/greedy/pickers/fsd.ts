import { greedyMix } from "../../../mixing/greedy.js";
import type { PickerContext } from "../picker.js";

/** Greedy by least FSD of the grown set, of the weights. */
export function fsd({ adapters, target }: PickerContext): number[] {
  return greedyMix(adapters, { target }).steps.map(({ added }) => added);
}
