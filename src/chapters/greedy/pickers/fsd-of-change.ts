import { greedyMix } from "../../../mixing/greedy.js";
import { sharedInitialisation } from "../../../signs/initialisation.js";
import type { PickerContext } from "../picker.js";

/** Greedy by least FSD of the change from the start; of the weights, where the adapters do not share one. */
export function fsdOfChange({ adapters, target }: PickerContext): number[] {
  const weights = sharedInitialisation(adapters) ? "change" : "raw";
  return greedyMix(adapters, { target, weights }).steps.map(({ added }) => added);
}
