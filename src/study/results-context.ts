import type { ResultsContext } from "../results/context.js";
import { codeOf } from "./kinds.js";
import { runnerOf } from "./run.js";
import type { Study } from "./study.js";
import { hasAdapter } from "./trained-adapter.js";

/** A study as adoption and verification see it. */
export function resultsContext(study: Study): ResultsContext {
  return {
    ...{ store: study.store, codeOf, run: runnerOf(study) },
    hasAdapter: (hash) => hasAdapter(study, hash),
    async hasTodaysInputs({ settings }) {
      if (typeof settings.encoder === "string" && settings.encoder !== study.encoder.hash.slice(0, 32)) return false;
      const { domain, domains } = settings;
      for (const named of [domain, ...(Array.isArray(domains) ? domains : [])]) {
        if (!named || typeof named !== "object" || Array.isArray(named) || typeof named.name !== "string") continue;
        const { hash } = await study.domain(named.name);
        if (named.hash !== hash.slice(0, 32)) return false;
      }
      return true;
    },
  };
}
