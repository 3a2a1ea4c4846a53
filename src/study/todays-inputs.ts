import type { Unit } from "../results/unit.js";
import type { Study } from "./study.js";

/** Whether a unit is about the study's encoder, and about texts as the study has them. */
export async function hasTodaysInputs(study: Study, { settings }: Unit): Promise<boolean> {
  if (typeof settings.encoder === "string" && settings.encoder !== study.encoder.hash.slice(0, 32)) return false;
  const { domain, domains } = settings;
  for (const named of [domain, ...(Array.isArray(domains) ? domains : [])]) {
    if (!named || typeof named !== "object" || Array.isArray(named) || typeof named.name !== "string") continue;
    const { hash } = await study.domain(named.name);
    if (named.hash !== hash.slice(0, 32)) return false;
  }
  return true;
}
