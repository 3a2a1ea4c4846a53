import type { ResultsContext } from "../results/context.js";
import { codeOf } from "./kinds.js";
import { restoreNamed } from "./restore-adapters.js";
import { runnerOf } from "./run.js";
import type { Study } from "./study.js";
import { hasTodaysInputs } from "./todays-inputs.js";
import { hasAdapter } from "./trained-adapter.js";

/** A study as adoption and verification see it. */
export function resultsContext(study: Study): ResultsContext {
  return {
    ...{ store: study.store, codeOf, run: runnerOf(study) },
    hasAdapter: (hash) => hasAdapter(study, hash),
    restore: (units, signal) => restoreNamed(study, units, runnerOf(study), signal),
    hasTodaysInputs: (unit) => hasTodaysInputs(study, unit),
  };
}
