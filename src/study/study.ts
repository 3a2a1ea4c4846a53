import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type { TableLike } from "../display/table.js";
import { type Domain, domainNames } from "../domains/domain.js";
import { capped, loadDomain } from "../domains/load.js";
import { sameEncoderName } from "../encoder/at-hand.js";
import { loadEncoder } from "../encoder/checkpoint.js";
import type { Encoder } from "../encoder/encoder.js";
import { type Backend, selectBackend } from "../engine/backend.js";
import { defaultWorkers } from "../engine/memory.js";
import type { Figure } from "../figures/figure.js";
import { amongNames } from "../files/among-names.js";
import { checkOptions, type OptionNames } from "../files/options.js";
import { projectPath } from "../files/project.js";
import { workplace } from "../files/workplace.js";
import { ResultStore, type StoredResult } from "../results/store.js";
import type { Unit } from "../results/unit.js";
import { fitSettings } from "./fit-settings.js";
import { chooseDomains, type DomainChoice, loadOwn, nameOf, type OwnDomain } from "./own-domains.js";
import { loadProfile, type Profile, type Settings } from "./profile.js";
import { controlledRegime, paperRegime, type Regime } from "./regime.js";
import { figuresFolder, type SaveOptions, saveFigure, saveTable } from "./save-figure.js";
import { besideStored, storedInputs } from "./stored-study.js";

/** What a notebook's first cell says. Empty strings mean "not given". */
export interface StudyOptions {
  profile?: string;
  /** Folder of real data, `<data>/<domain>/{train,dev,test}.jsonl` and `card.json`; or `hub`. */
  data?: string;
  backend?: string;
  /** Compute again what is stored. */
  fresh?: boolean;
  /**
   * Units under way at once; by default as many as cores, and one for each 2 GB of memory at most ({@link defaultWorkers}). In
   * a workplace, such as a class's, one of more than two is left out, so that the laptop stays a person's own.
   */
  workers?: number;
  /**
   * The domains, in place of the profile's: names, paths of tables or folders, and domains of your own; in one text they
   * are separated by commas.
   */
  domains?: string | readonly (DomainChoice | OwnDomain)[];
  /** Folder or hub id of the frozen encoder, in place of the profile's. */
  encoder?: string;
  /** How the adapters came to be: `controlled`, `paper`, or start and schedule; the profile's by default. */
  regime?: RegimeName | Regime;
  /** Settings to change. */
  set?: Partial<Settings>;
  /**
   * Folder of stored results, and that of the working store; by default those of the workplace that the program runs in
   * ({@link workplace}), or else `data/results` and `.cache/results`.
   */
  results?: string;
  cache?: string;
  /** Do not print the choice of backend. */
  quiet?: boolean;
}

const studyOptionNames: OptionNames<StudyOptions> = {
  ...({
    profile: true,
    data: true,
    backend: true,
    fresh: true,
    results: true,
    cache: true,
    workers: true,
    domains: true,
  } as const),
  ...({ encoder: true, regime: true, set: true, quiet: true } as const),
};

/** The two regimes that every claim is decided in. */
export type RegimeName = "controlled" | "paper";

function regimeOf(regime: StudyOptions["regime"]): Partial<Regime> {
  if (regime === undefined || typeof regime === "object") return regime ?? {};
  const named = { controlled: controlledRegime, paper: paperRegime }[regime];
  if (!named)
    throw new Error(
      `There is no regime "${regime}"${amongNames(String(regime), ["controlled", "paper"])}; or give start and schedule.`,
    );
  return named;
}

/** An open study: the profile, the encoder, the domains and the stored results that its experiments share. */
export interface Study {
  /** How it was opened, so that a worker can open the same. */
  options: StudyOptions;
  profile: Profile;
  /**
   * Folder name of its results and figures: the profile, with `-data` where a folder was given and `-own` for other domains or
   * another encoder.
   */
  label: string;
  settings: Settings;
  /** Absolute path of the given data folder, or undefined. */
  data?: string;
  /** Whether some of its domains are tables or folders of the reader's, whose text is not ours to keep. */
  readsOwn?: boolean;
  backend: Backend;
  encoder: Encoder;
  fresh: boolean;
  /** Whether neither encoder nor texts are at hand, and everything comes from stored rows. */
  stored?: boolean;
  /** Whether adapters whose files are gone are trained again only where a unit needs them, and not whenever they are asked for. */
  lazy?: boolean;
  workers: number;
  store: ResultStore;
  /** Takes the place of computing units where a study is only planned (`pendingUnits`). */
  ask?: (units: Unit[], isLost?: (unit: Unit) => boolean) => StoredResult[];
  /** Loads a domain at the profile's size, once. */
  domain(name: string): Promise<Domain>;
  /** Folder of all profiles' figures; `figures/` of the project where there is none. */
  figures?: string;
  /** Saves a figure with what it was drawn from (`saveFigure`); the last value of a cell shows itself. */
  figure(id: string, figure: Figure, options?: SaveOptions): Promise<Figure>;
  /** Saves a table with what it was made from (`saveTable`); the last value of a cell shows itself. */
  table<T extends TableLike>(id: string, table: T, title: string, options?: SaveOptions): T;
}

/**
 * Opens a study: reads the profile, chooses the backend, loads the encoder.
 *
 * @throws naming the profile, setting, folder or backend that is wrong
 */
export async function openStudy(options: StudyOptions = {}): Promise<Study> {
  checkOptions(options, studyOptionNames, "openStudy");
  const encoder = options.encoder || undefined;
  const base = loadProfile(options.profile || "classroom", {
    encoder,
    ...regimeOf(options.regime || undefined),
    ...options.set,
  });
  const fromHub = options.data === "hub";
  const data = options.data && !fromHub ? resolve(options.data) : undefined;
  if (data && !existsSync(data)) throw new Error(`There is no folder "${options.data}"; give the folder of the data.`);
  const isNamed = (name: string) =>
    data ? existsSync(join(data, name, "card.json")) : (domainNames as readonly string[]).includes(name);
  const given = options.domains ?? "";
  const chosen = given.length > 0 ? await chooseDomains(given, isNamed) : undefined;
  const settings = chosen ? fitSettings(base.settings, chosen.map(nameOf)) : base.settings;
  const profile = { ...base, settings };
  const own = new Map((chosen ?? []).flatMap((one) => (typeof one === "string" ? [] : [[one.own, one] as const])));
  const backend = await selectBackend(options.backend || undefined, { quiet: options.quiet });
  const place = options.results ? undefined : workplace();
  const results = options.results ? resolve(options.results) : place?.results;
  const cache = options.cache ? resolve(options.cache) : place?.cache;
  const label = labelOf(profile.name, {
    ...{ data: (data !== undefined || fromHub) && settings.source === "classroom", own: chosen !== undefined, encoder },
  });
  const domains = new Map<string, Promise<Domain>>();
  const sizes = { maxTrain: settings.trainRows, maxDev: settings.devRows, maxTest: settings.testRows };
  const store = new ResultStore(label, { folder: results, cache });
  const isGiven =
    data !== undefined || fromHub || process.env.SIGNMIX_DATA || encoder !== undefined || chosen !== undefined;
  const stored =
    settings.source === "real" && !isGiven ? storedInputs(store, settings, profile.rates?.layers) : undefined;
  if (stored && !options.quiet) process.stderr.write(`${storedNote(label)}\n`);
  const study: Study = {
    options: {
      ...options,
      ...(chosen && { domains: chosen }),
      ...(results && { results }),
      ...(cache && { cache }),
    },
    profile,
    label,
    settings,
    data,
    ...(own.size > 0 && { readsOwn: true }),
    backend,
    encoder: stored ? stored.encoder : await loadEncoder(encoderSource(settings.encoder)),
    fresh: options.fresh ?? false,
    ...(stored && { stored: true, lazy: true }),
    workers: options.workers ?? (place ? workersInClass() : defaultWorkers()),
    store,
    figures: figuresOf(options, place?.figures),
    domain(name) {
      let loading = domains.get(name);
      if (!loading && stored) loading = Promise.resolve().then(() => stored.domain(name));
      if (!loading) {
        const mine = own.get(name);
        loading = mine
          ? Promise.resolve().then(() => capped(loadOwn(mine), sizes))
          : loadDomain(name, { data: data ?? (fromHub ? "hub" : settings.source), ...sizes });
        if (fromHub) loading = loading.then((domain) => besideStored(domain, store, settings));
      }
      domains.set(name, loading);
      return loading;
    },
    figure(this: Study, id, figure, options) {
      return saveFigure(this, id, figure, options);
    },
    table(this: Study, id, table, title, options) {
      return saveTable(this, id, table, title, options);
    },
  };
  if (!options.quiet) current = study;
  return study;
}

/**
 * Folder of a study's figures. Those of another regime than the notebooks' own, or of changed settings, stand apart: they
 * take the place of none that is committed.
 */
function figuresOf({ regime, set }: StudyOptions, folder: string | undefined): string | undefined {
  const apart = Object.keys(set ?? {}).length > 0 ? "changed" : regime === "controlled" ? "controlled" : undefined;
  return apart === undefined ? folder : join(folder ?? figuresFolder, apart);
}

let current: Study | undefined;

/**
 * The study that this program opened last, those opened with `quiet` left out.
 * @throws if there is none
 */
export function currentStudy(): Study {
  if (current) return current;
  throw new Error("No study is open: run the notebook's cells from its first one, then this cell again.");
}

function workersInClass(): number {
  const all = defaultWorkers();
  return process.env.SIGNMIX_WORKERS || all <= 2 ? all : all - 1;
}

const storedNote = (label: string) =>
  `The rows of data/results/${label} are read; nothing is computed, since neither data nor encoder is given.`;

/** Folder name of results: those of other data, domains or encoder stand apart from the profile's own. */
export function labelOf(profile: string, other: { data: boolean; own?: boolean; encoder?: string }): string {
  const { data, own, encoder } = other;
  const isOther = encoder !== undefined && !sameEncoderName(encoder, loadProfile(profile).settings.encoder);
  return `${profile}${data ? "-data" : ""}${own || isOther ? "-own" : ""}`;
}

/** A folder of the project or of the machine where there is one; else a hub id, as it stands. */
function encoderSource(name: string): string {
  if (isAbsolute(name)) return name;
  const inProject = projectPath(...name.split("/"));
  return existsSync(inProject) ? inProject : name;
}
