import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { isAbsolute, resolve } from "node:path";
import type { Domain } from "../domains/domain.js";
import { loadDomain } from "../domains/load.js";
import { loadEncoder } from "../encoder/checkpoint.js";
import type { Encoder } from "../encoder/encoder.js";
import { type Backend, selectBackend } from "../engine/backend.js";
import { projectPath } from "../files/project.js";
import { ResultStore } from "../results/store.js";
import { loadProfile, type Profile, type Settings } from "./profile.js";

/** What a notebook's first cell says. Empty strings mean "not given". */
export interface StudyOptions {
  profile?: string;
  /** Folder of real data, `<data>/<domain>/{train,dev,test}.jsonl` and `card.json`. */
  data?: string;
  backend?: string;
  /** Compute again what is stored. */
  fresh?: boolean;
  /** Units under way at once; the number of cores by default. */
  workers?: number;
  /** Settings to change. */
  set?: Partial<Settings>;
  /** Do not print the choice of backend. */
  quiet?: boolean;
}

/** An open study: the profile, the encoder, the domains and the stored results that its experiments share. */
export interface Study {
  /** How it was opened, so that a worker can open the same. */
  options: StudyOptions;
  profile: Profile;
  /** Folder name of its results and figures: the profile, or the profile with `-data` where a folder was given. */
  label: string;
  settings: Settings;
  /** Absolute path of the given data folder, or undefined. */
  data?: string;
  backend: Backend;
  encoder: Encoder;
  fresh: boolean;
  workers: number;
  store: ResultStore;
  /** Loads a domain at the profile's size, once. */
  domain(name: string): Promise<Domain>;
}

/**
 * Opens a study: reads the profile, chooses the backend, loads the encoder.
 *
 * @throws naming the profile, setting, folder or backend that is wrong
 */
export async function openStudy(options: StudyOptions = {}): Promise<Study> {
  const profile = loadProfile(options.profile || "classroom", options.set);
  const { settings } = profile;
  const data = options.data ? resolve(options.data) : undefined;
  if (data && !existsSync(data)) throw new Error(`There is no folder "${options.data}"; give the folder of the data.`);
  const backend = await selectBackend(options.backend || undefined, { quiet: options.quiet });
  const label = data && settings.source === "classroom" ? `${profile.name}-data` : profile.name;
  const domains = new Map<string, Promise<Domain>>();
  return {
    options,
    profile,
    label,
    settings,
    data,
    backend,
    encoder: await loadEncoder(encoderSource(settings.encoder)),
    fresh: options.fresh ?? false,
    workers: options.workers ?? availableParallelism(),
    store: new ResultStore(label),
    domain(name) {
      let loading = domains.get(name);
      if (!loading) {
        loading = loadDomain(name, {
          data: data ?? settings.source,
          maxTrain: settings.trainRows,
          maxDev: settings.devRows,
          maxTest: settings.testRows,
        });
        domains.set(name, loading);
      }
      return loading;
    },
  };
}

/** A folder of the project or of the machine where there is one; else a hub id, as it stands. */
function encoderSource(name: string): string {
  if (isAbsolute(name)) return name;
  const inProject = projectPath(...name.split("/"));
  return existsSync(inProject) ? inProject : name;
}
