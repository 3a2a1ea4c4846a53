import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { AdapterMethod } from "../adapters/methods.js";
import type { FgsmOptions } from "../attacks/fgsm.js";
import type { SimilarityKind } from "../attacks/open-similarity.js";
import { amongNames } from "../files/among-names.js";
import { objectOf, readJsonObject } from "../files/json.js";
import { projectPath } from "../files/project.js";
import { checkSetting } from "./check-settings.js";
import type { Schedule, Start } from "./regime.js";

/** Everything that decides what an experiment costs and shows. */
export interface Settings {
  /** Folder under the project or elsewhere, or hub id, of the frozen encoder. */
  encoder: string;
  /** Domains by name, in the order of every table and figure. */
  domains: string[];
  /** `classroom` generates them; `real` reads a folder or the hub. */
  source: "classroom" | "real";
  trainRows: number;
  devRows: number;
  testRows: number;
  /** Longest text in tokens, special tokens counted. */
  maxLength: number;
  methods: AdapterMethod[];
  reductionFactor: number;
  rank: number;
  /** Each seed gives one shared initialisation, one head initialisation and one order of batches. */
  seeds: number[];
  /**
   * So many of the seeds, the first, go through the designs of most tests: the whole grid of starts and lengths, partners whose
   * start and length are varied (notebook 03), pools and their sparse mixtures (05, 07); null for all.
   */
  designSeeds: number | null;
  /** Whether what is counted on the signs of pairs is stored, for profiles whose adapters are not kept with their rows. */
  storeSigns: boolean;
  /** Which adapters start from the same weights. */
  start: Start;
  /**
   * Number of labels whose start under `byClasses` is the shared one, so that one training serves both; null where every
   * number of labels has a start of its own.
   */
  sharedClasses: number | null;
  /** Whether all domains are trained for `steps`, or each for its number in `epochSteps`. */
  schedule: Schedule;
  /** Training steps of every domain under the schedule `equal`. */
  steps: number;
  /** Training steps of each domain under `byEpochs`: the paper's epochs × rows, on a log scale. */
  epochSteps: Record<string, number>;
  /** Training steps of partners whose start and length are varied on purpose, the controlled test of S1 (notebook 03). */
  partnerSteps: number[];
  batchSize: number;
  learningRate: number;
  /** How the learning rate is chosen, before any mixture; null where it was chosen elsewhere. */
  rateTrial: RateTrial | null;
  /** Learning rate of the frozen probe, a head alone, which takes a higher one than an adapter does. */
  probeLearningRate: number;
  /** Share of the steps in which the learning rate rises from zero. */
  warmupShare: number;
  weightDecay: number;
  /** Domains of the tour (notebook 00). */
  tourDomains: string[];
  /** Numbers of adapters mixed in the sampled sweep (notebook 02). */
  mixtureSizes: number[];
  /** Mixtures sampled of each size; every domain appears equally often among them. */
  mixturesPerSize: number;
  /** Sets of domains for which one adapter is trained on the union of their texts, a ceiling of mixtures. */
  unions: string[][];
  /** Domains of the pool all of whose mixtures are tested (notebooks 05 and 07), drawn by a seed. */
  poolSize: number;
  /** Methods whose adapters are mixed exhaustively there. */
  poolMethods: AdapterMethod[];
  /** Training texts of each domain that the picker by text similarity reads. */
  similarityTexts: number;
  /** Shares of weights pruned in the curves (notebook 06). */
  pruneSparsities: number[];
  /** Shares of weights pruned before mixing (notebook 07). */
  mixSparsities: number[];
  /** Numbers of sparse adapters mixed, exhaustively over the pool (notebook 07). */
  sparseSizes: number[];
  /** Mixtures of each of these sizes for which every control is made. */
  controlsPerSize: number;
  /** Domains whose test examples are attacked (notebook 04). */
  attackDomains: string[];
  /** Methods whose adapters are attacked there. */
  attackMethods: AdapterMethod[];
  /** The first so many test examples of each domain are attacked. */
  attackRows: number;
  /** Seed of the adapters that attacked texts are built against, one that no mixture is made of. */
  attackSeed: number;
  /** Mixtures of each of `mixtureSizes` that are tested on attacked text; every domain appears equally often. */
  attackMixturesPerSize: number;
  /** Tests of mixtures against which attacks are built anew. */
  adaptiveTests: number;
  /** Strengths of FGSM. */
  epsilons: number[];
  /** What they count in: root mean squares of the word-embedding table, or its numbers as they are. */
  epsilonUnit: NonNullable<FgsmOptions["unit"]>;
  /** The strength at which FGSM stands beside TextFooler. */
  epsilon: number;
  /** Where TextFooler's synonyms come from: `wordnet`, or the path of a file of vectors or neighbours. */
  synonyms: string;
  /** Least cosine of a synonym, where they come from vectors. */
  synonymCosine: number;
  /** What says whether an attacked text still means the same. */
  similarity: SimilarityKind;
  /** Least similarity of an attacked text; null for the recipe's, or the calibrated one. */
  similarityThreshold: number | null;
  /** Domains of paraphrases whose dev examples calibrate the least similarity of an attacked text. */
  paraphraseDomains: string[];
  /** Partners of each target whose signs, sizes and starts are set by dose (notebook 08). */
  dosePartners: number;
  /** Shares of signs, and of starts, that are made to agree. */
  doseShares: number[];
  /** Factors on the size of the partner's change. */
  doseSizes: number[];
  /** Factors on the mean change of a mixture, of which dev chooses one. */
  strengths: number[];
  /** Numbers of adapters mixed in every way there is. */
  waySizes: number[];
  /** Mixtures of each of these sizes, and of each of `mixtureSizes` where strength alone is varied. */
  waySets: number;
  /** Methods whose adapters are mixed in every way. */
  wayMethods: AdapterMethod[];
  /** Training texts of each domain that ways, criteria and predictors may read. */
  fewTexts: number;
  /** Shares of weights pruned by every criterion. */
  criterionSparsities: number[];
}

/** Single adapters from the shared start, of the first seed and the first of the pool's methods, at several learning rates. */
export interface RateTrial {
  rates: number[];
  domains: string[];
  steps: number;
  /** More dev examples than the study tests, since they alone decide. */
  devRows: number;
}

/** A setting with where it comes from: `assumed`, a library's default, or a paper. */
export interface SourcedSetting<T> {
  value: T;
  from: string;
}

/** A profile: its name, purpose and settings, each with where it comes from. */
export interface Profile {
  name: string;
  /** One sentence on what the profile is for. */
  purpose: string;
  settings: Settings;
  /** Where each setting comes from. */
  from: Record<keyof Settings, string>;
  /** What its work costs, where that was measured. */
  rates?: Rates;
}

/** Measured rates of one core. */
export interface Rates {
  /** A step of training. */
  secondsPerStep: number;
  /** A text that is tested. */
  secondsPerText: number;
  /** Layers of the encoder. */
  layers: number;
  /** How they were measured. */
  from: string;
}

interface ProfileFile {
  purpose: string;
  rates?: Rates;
  settings: Partial<Record<keyof Settings, SourcedSetting<unknown>>>;
}

const shipped = projectPath("data", "profiles");

/** Where it is said how a profile of one's own is made. */
export const howToChangeSettings = "environment/CHANGE-ONE-THING.md#a-setting";

/** Names of the profiles, each one file in `data/profiles/` that holds only what differs from its base, or from `classroom`. */
export function profileNames(folder = shipped): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -5))
    .sort();
}

/**
 * Reads a profile, with any settings replaced by `changes`.
 *
 * @param folder where profiles lie; by default `data/profiles` of the project
 * @throws Error that lists the profiles, or the settings, if a name is unknown; naming a setting of another kind
 */
export function loadProfile(name: string, changes: Partial<Settings> = {}, folder = shipped): Profile {
  const own = readProfileFile(name, folder);
  const sourced = own.settings as Record<keyof Settings, SourcedSetting<unknown>>;
  for (const [key, value] of Object.entries(changes)) {
    checkName(key, sourced);
    if (value === undefined) continue;
    checkSetting(key, value, sourced[key as keyof Settings].value);
    sourced[key as keyof Settings] = { value, from: "changed by the reader" };
  }
  const pick = <K extends "value" | "from">(field: K) =>
    Object.fromEntries(Object.entries(sourced).map(([key, setting]) => [key, setting[field]]));
  return {
    name,
    purpose: own.purpose,
    ...(own.rates && { rates: own.rates }),
    settings: pick("value") as unknown as Settings,
    from: pick("from") as Record<keyof Settings, string>,
  };
}

/** What all profiles are built on, the only one that sets everything. */
const root = "classroom";

const partNames = ["purpose", "base", "settings", "rates"];

/** The settings of a profile, those of its base included. `above` are the profiles that have it as their base. */
function readProfileFile(name: string, folder: string, above: readonly string[] = []): ProfileFile {
  const path = join(folder, `${name}.json`);
  const asked = above.length > 0 ? `"base" of "${join(folder, `${above[0]}.json`)}": there is` : "There is";
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(path)) {
    const others = profileNames(folder).filter((one) => !above.includes(one));
    throw new Error(
      `${asked} no profile "${name}"${amongNames(name, others)}. One of your own is a file in data/profiles: see ${howToChangeSettings}.`,
    );
  }
  const file = readJsonObject(path);
  if (name === root) return file as unknown as ProfileFile;
  const { purpose = "", base = root, rates } = file;
  if (typeof purpose !== "string" || typeof base !== "string") {
    throw new Error(`"purpose" and "base" of "${path}" are texts.`);
  }
  if ([name, ...above].includes(base)) throw new Error(`"${path}" has itself as its base: name another profile there.`);
  const below = readProfileFile(base, folder, [name, ...above]).settings as Record<string, SourcedSetting<unknown>>;
  for (const part of Object.keys(file)) {
    if (partNames.includes(part)) continue;
    const belongs = Object.hasOwn(below, part) ? '; a setting belongs under "settings"' : amongNames(part, partNames);
    throw new Error(`"${path}" holds "${part}", which is no part of a profile${belongs}.`);
  }
  if (file.settings === undefined) throw new Error(`"${path}" has no "settings": see ${howToChangeSettings}.`);
  const own: Record<string, SourcedSetting<unknown>> = {};
  for (const [key, given] of Object.entries(objectOf(file.settings, `"settings" of "${path}"`))) {
    try {
      checkName(key, below);
      own[key] = sourcedSetting(given, name);
      checkSetting(key, own[key].value, below[key].value);
    } catch (error) {
      throw new Error(`"${path}": ${(error as Error).message}`);
    }
  }
  return { purpose, settings: { ...below, ...own }, ...(rates ? { rates: rates as Rates } : {}) };
}

/** A setting as a file has it: a value, or one with where it comes from. */
function sourcedSetting(given: unknown, profile: string): SourcedSetting<unknown> {
  const isSourced = typeof given === "object" && given !== null && "value" in given && "from" in given;
  return isSourced ? (given as SourcedSetting<unknown>) : { value: given, from: `set by the profile ${profile}` };
}

function checkName(key: string, settings: object): void {
  if (!Object.hasOwn(settings, key)) {
    throw new Error(`"${key}" is not a setting${amongNames(key, Object.keys(settings))}.`);
  }
}
