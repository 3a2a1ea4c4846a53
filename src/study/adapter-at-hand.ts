import type { TrainedAdapter } from "../results/trained-file.js";
import { notAtHand, whatToGive } from "./stored-study.js";
import type { Study } from "./study.js";
import { hasAdapter, trainedAdapter as loadTrained } from "./trained-adapter.js";

/**
 * A trained adapter and its head, by the adapter's hash.
 * @throws if the file is missing; training the domain again restores it, for which a study whose rows alone are at hand needs
 * texts and an encoder
 */
export function trainedAdapter(study: Study, hash: string): TrainedAdapter {
  if (study.stored && !hasAdapter(study, hash))
    throw new Error(`${notAtHand} the trained adapter ${hash}, only its row; ${whatToGive}.`);
  return loadTrained(study, hash);
}
