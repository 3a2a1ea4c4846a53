import type { AdapterMethod } from "../../adapters/methods.js";
import type { Domain } from "../../domains/domain.js";
import type { Study } from "../../study/study.js";
import type { TrainOptions } from "../../training/train.js";
import { atClassStart } from "./class-start.js";
import { adapterConfigOf, loopOf, loopOptions, startOf } from "./loop.js";

/** The options with which a study trains an adapter on a domain: those of its profile and regime. */
export function trainOptions(
  study: Study,
  domain: Domain,
  { method, seed }: { method: AdapterMethod; seed: number },
): TrainOptions {
  const { method: _, ...config } = adapterConfigOf(study, method);
  const start = startOf(atClassStart(study, domain), domain, seed);
  return { method, config, seed, ...start, ...loopOptions(loopOf(study, domain)) };
}

/** Steps that each of some domains is trained for under the study's schedule, by name. */
export function stepsByDomain(study: Study, domains: readonly Domain[]): Record<string, number> {
  return Object.fromEntries(domains.map((domain) => [domain.name, loopOf(study, domain).steps]));
}
