import { chooseFor, leastFsdChoice } from "../../../mixing/least-fsd.js";
import { signDifferenceMatrix } from "../../../signs/sign-difference-matrix.js";
import type { PickerContext } from "../picker.js";

/** The paper's algorithm 1: those whose mean FSD with all others is least; the target, where there is one, first. */
export function leastRowMean({ adapters, target }: PickerContext): number[] {
  const order = leastFsdChoice(signDifferenceMatrix(adapters), adapters.length);
  return target === undefined ? order : chooseFor(target, order);
}
