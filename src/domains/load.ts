import { createRandom } from "../engine/random.js";
import { requireList, requireText } from "../files/arguments.js";
import { checkOptions, type OptionNames } from "../files/options.js";
import { shownValue } from "../files/shown.js";
import { type ClassroomOptions, classroomDomain } from "./classroom/generate.js";
import { createDomain, type Domain, domainNames, type Example, type SplitName, splitNames } from "./domain.js";
import { domainFromFolder } from "./folder.js";
import { type DomainFromHubOptions, domainFromHub } from "./from-hub.js";
import { rowOptionNames } from "./rows.js";
import { type SubsampleOptions, subsample } from "./subsample.js";

/** Where a domain is read from, and how much of it. */
export interface DomainOptions extends DomainFromHubOptions, SubsampleOptions {
  /**
   * Where the examples come from. `"classroom"` (default): generated. `"hub"`: the real dataset, downloaded into the cache.
   * `"real"`: the folder that the environment variable SIGNMIX_DATA names, or else the hub. Anything else: a folder that holds `<name>/{train,dev,test}.jsonl` and `<name>/card.json`.
   */
  data?: string;
  /** Caps on the number of examples; larger splits are subsampled, class-balanced and seeded. */
  maxTrain?: number;
  maxDev?: number;
  maxTest?: number;
  /** Seed of the subsampling. Default "subsample". */
  seed?: string | number;
  /** Seed and sizes of generated domains. */
  classroom?: ClassroomOptions;
}

const optionNames: OptionNames<DomainOptions> = {
  ...rowOptionNames,
  ...({ hub: true, data: true, balance: true, seed: true, classroom: true } as const),
  ...({ maxTrain: true, maxDev: true, maxTest: true } as const),
};

/**
 * Loads one domain: generated, from a folder, or from the hub.
 * @throws Error that names the domain, file or setting at fault, with the remedy.
 */
export async function loadDomain(name: string, options: DomainOptions = {}): Promise<Domain> {
  requireText(name, "loadDomain takes the name of a domain");
  checkOptions(options, optionNames, "loadDomain");
  return load(name, options);
}

async function load(name: string, options: DomainOptions): Promise<Domain> {
  return capped(await fullDomain(name, options), options);
}

/** Names, or a profile that has `domains` and may have any of the options. */
export type DomainSelection = readonly string[] | (DomainOptions & { domains?: readonly string[] });

/** Loads several domains, all thirteen by default, in the order given. `options` go before those of a profile. */
export async function loadDomains(
  selection: DomainSelection = domainNames,
  options: DomainOptions = {},
): Promise<Domain[]> {
  const isList = (value: DomainSelection): value is readonly string[] => Array.isArray(value);
  if (!isList(selection) && (typeof selection !== "object" || selection === null))
    throw new Error(`loadDomains takes a list of names, or a profile, not ${shownValue(selection)}.`);
  const names = isList(selection) ? selection : (selection.domains ?? domainNames);
  checkOptions(options, optionNames, "loadDomains");
  requireList(names, "loadDomains takes a list of names", (name) => typeof name === "string" && name !== "");
  const settings = isList(selection) ? options : { ...selection, ...options };
  const domains: Domain[] = [];
  for (const name of names) domains.push(await load(name, settings));
  return domains;
}

async function fullDomain(name: string, options: DomainOptions): Promise<Domain> {
  const { data = "classroom" } = options;
  if (data === "classroom") return classroomDomain(name, options.classroom);
  if (data === "hub") return domainFromHub(name, options);
  const folder = data === "real" ? process.env.SIGNMIX_DATA : data;
  return folder ? domainFromFolder(name, folder, options) : domainFromHub(name, options);
}

/** A domain with no more examples in each split than the caps allow; larger ones are subsampled. */
export function capped(domain: Domain, options: DomainOptions): Domain {
  const { maxTrain, maxDev, maxTest, seed = "subsample" } = options;
  const limits: Record<SplitName, number> = {
    train: maxTrain ?? Number.POSITIVE_INFINITY,
    dev: maxDev ?? Number.POSITIVE_INFINITY,
    test: maxTest ?? Number.POSITIVE_INFINITY,
  };
  if (splitNames.every((split) => domain[split].length <= limits[split])) return domain;
  const random = createRandom(seed).fork(domain.name);
  const part = (split: SplitName): Example[] =>
    limits[split] >= domain[split].length
      ? domain[split]
      : subsample(domain[split], limits[split], random.fork(split), options);
  return createDomain({ ...domain, train: part("train"), dev: part("dev"), test: part("test") });
}
