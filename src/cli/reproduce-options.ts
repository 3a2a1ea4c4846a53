import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { domainNames } from "../domains/domain.js";
import { backendNames } from "../engine/backend.js";
import { amongNames } from "../files/among-names.js";
import { parseShard, type Shard } from "../results/shard.js";
import { type Notebook, readNotebook } from "../runner/notebook.js";
import { declaredParameters, type ParameterValue, parseParameter } from "../runner/parameters.js";
import { regimes } from "../study/in-regime.js";
import { howToChangeSettings, loadProfile, profileNames } from "../study/profile.js";
import { readArguments } from "./arguments.js";
import { countOption, MOST_PROCESSES, minutesOption } from "./command.js";

/** What `npm run reproduce` is asked to do. */
export interface ReproduceOptions {
  profile: string;
  /** words that a notebook's file name must begin with or hold; empty for all */
  only: string[];
  /** the solutions of the exercises in place of the notebooks */
  solutions: boolean;
  /** only says what would run */
  dryRun: boolean;
  /** folder for the executed notebooks, where given */
  output?: string;
  secondsPerCell?: number;
  /** a part of what the notebooks compute, in place of the notebooks */
  shard?: Shard;
  /** worker processes, and megabytes that all of them together may keep, where given */
  workers?: number;
  memory?: number;
  /** parameters by flag, put into every notebook that declares them */
  flags: Record<string, string>;
  /** parameters by `-p`, of which each must be declared somewhere */
  named: Record<string, string>;
}

export const usage = `npm run reproduce -- [flags]   runs the notebooks, headless
  --profile NAME       smoke, classroom (default), compact, paper, or one of your own in data/profiles
  --only 00            only notebooks whose name begins with or holds this; may be given several times
  --solutions          runs the solutions of the exercises in their place
  --data FOLDER        folder of real data sets, or "hub"; of a profile of real texts whose rows are stored, what they give is
                       drawn where neither this nor --encoder is given
  --domains A,B,FILE   the domains, in place of the profile's: names, and paths of tables of your own
  --encoder FOLDER     folder or hub id of the frozen encoder, in place of the profile's
  --backend NAME       TensorFlow.js backend: onnx (the default on a CPU), tensorflow, wasm, cpu or webgpu
  --workers N          worker processes; by default one for each core and each 2 GB of memory
  --memory MB          what they may keep together, beside what they need; by default an eighth of the machine's, 512 for each at most
  --fresh              computes anew instead of reading stored results; given again after a stop, goes on
  -p NAME=VALUE        any other parameter of the notebooks
  --output FOLDER      where the executed notebooks go; figures go to figures/<profile>/ all the same
  --time-limit MINUTES limit for each cell
  --shard I/N          in place of the notebooks, computes the I-th of N parts of what they need and can be computed now
  --dry-run            only says what would run, and for how long

What a profile sets, such as seeds, sizes and steps, is changed by a profile of your own: ${howToChangeSettings}`;

const flags = {
  profile: { type: "string" },
  only: { type: "string", multiple: true },
  solutions: { type: "boolean" },
  data: { type: "string" },
  domains: { type: "string" },
  encoder: { type: "string" },
  backend: { type: "string" },
  workers: { type: "string" },
  memory: { type: "string" },
  fresh: { type: "boolean" },
  param: { type: "string", short: "p", multiple: true },
  output: { type: "string" },
  "time-limit": { type: "string" },
  shard: { type: "string" },
  "dry-run": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

function parse(args: string[]) {
  try {
    return readArguments(args, flags, { positionals: false }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`);
  }
}

/**
 * Reads the command line.
 * @returns undefined if help is asked for
 * @throws if a flag, profile or folder is unknown, or a value is none
 */
export function reproduceOptions(args: string[]): ReproduceOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const profile = values.profile ?? "classroom";
  const profiles = profileNames();
  if (!profiles.includes(profile)) {
    throw new Error(
      `There is no profile "${profile}"${amongNames(profile, profiles)} (--profile NAME). One of your own is a file in data/profiles: see ${howToChangeSettings}.`,
    );
  }
  loadProfile(profile); // what its file lacks is told before a notebook starts
  const given: Record<string, string> = { profile };
  if (values.data === "hub") given.data = "hub";
  else if (values.data !== undefined) {
    const folder = path.resolve(values.data);
    if (!existsSync(folder) || !statSync(folder).isDirectory()) {
      throw new Error(
        `There is no folder ${values.data}: give --data the folder that holds one folder for each domain.`,
      );
    }
    given.data = folder;
  }
  if (values.domains !== undefined) given.domains = absolutePaths(values.domains);
  if (values.encoder !== undefined) given.encoder = absolutePaths(values.encoder);
  if (values.backend !== undefined) {
    const known: readonly string[] = backendNames;
    if (!known.includes(values.backend)) {
      throw new Error(`There is no backend "${values.backend}"${amongNames(values.backend, known)} (--backend NAME).`);
    }
    given.backend = values.backend;
  }
  if (values.fresh) given.fresh = "true";
  const named: Record<string, string> = {};
  for (const pair of values.param ?? []) {
    const at = pair.indexOf("=");
    if (at < 1) throw new Error(`-p takes NAME=VALUE, such as -p regime=controlled; "${pair}" is not of that form.`);
    named[pair.slice(0, at)] = pair.slice(at + 1);
    if (pair.startsWith("regime=")) checkRegime(pair.slice(at + 1));
  }
  const minutes = minutesOption("time-limit", values["time-limit"]);
  const shard = values.shard === undefined ? undefined : parseShard(values.shard);
  const apart = (["fresh", "solutions", "output", "param"] as const).find(
    (flag) => shard && values[flag] !== undefined,
  );
  if (apart !== undefined) {
    throw new Error(
      `--shard runs no notebook, so that ${apart === "param" ? "-p" : `--${apart}`} has no meaning beside it: leave it out.`,
    );
  }
  const workers = countOption("workers", values.workers, { most: MOST_PROCESSES });
  const memory = countOption("memory", values.memory, { most: 100_000_000 });
  return {
    profile,
    only: (values.only ?? []).flatMap((word) => word.split(",")),
    solutions: values.solutions ?? false,
    dryRun: values["dry-run"] ?? false,
    ...(values.output === undefined ? {} : { output: path.resolve(values.output) }),
    ...(minutes === undefined ? {} : { secondsPerCell: 60 * minutes }),
    ...(shard === undefined ? {} : { shard }),
    ...(workers === undefined ? {} : { workers }),
    ...(memory === undefined ? {} : { memory }),
    flags: given,
    named,
  };
}

function checkRegime(name: string): void {
  const known = Object.keys(regimes);
  if (!known.includes(name)) {
    throw new Error(`There is no regime "${name}"${amongNames(name, known)} (-p regime=NAME).`);
  }
}

/** Paths in a list, separated by commas, as a notebook in another folder finds them; names stay names. */
function absolutePaths(list: string): string {
  const parts = list.split(",").map((part) => part.trim());
  const isName = (part: string) => (domainNames as readonly string[]).includes(part);
  return parts.map((part) => (!isName(part) && existsSync(part) ? path.resolve(part) : part)).join(",");
}

/** A notebook that is to be run, with the values that go into it. */
export interface PlannedNotebook {
  file: string;
  name: string;
  notebook: Notebook;
  parameters: Record<string, ParameterValue>;
  /** the author's estimate at this profile, on a laptop with two cores */
  minutes?: number;
}

function estimate(notebook: Notebook, profile: string): number | undefined {
  const own = notebook.metadata.signmix as { minutes?: Record<string, number> } | undefined;
  return own?.minutes?.[profile];
}

/**
 * The notebooks of a folder that the options choose, in the order of their names, with their parameters.
 * @throws if no notebook is chosen, or a parameter is declared nowhere or has no such value
 */
export function planNotebooks(folder: string, options: ReproduceOptions): PlannedNotebook[] {
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(".ipynb"))
        .sort()
    : [];
  const { only } = options;
  const chosen = names.filter((name) => only.length === 0 || only.some((word) => name.includes(word)));
  const unmatched = only.filter((word) => !names.some((name) => name.includes(word)));
  if (names.length === 0) throw new Error(`There is no notebook in ${folder}: restore the folder from the repository.`);
  if (unmatched.length > 0) {
    throw new Error(`No notebook's name holds "${unmatched.join('", "')}": the notebooks are ${names.join(", ")}.`);
  }
  const undeclared = new Set(Object.keys(options.named));
  const known = new Set<string>();
  const planned = chosen.map((name) => {
    const file = path.join(folder, name);
    const notebook = readNotebook(file);
    const parameters: Record<string, ParameterValue> = {};
    for (const parameter of declaredParameters(notebook)) {
      known.add(parameter.name);
      const text = options.named[parameter.name] ?? options.flags[parameter.name];
      undeclared.delete(parameter.name);
      if (text === undefined) continue;
      const value = parseParameter(parameter, text);
      if (JSON.stringify(value) !== parameter.default) parameters[parameter.name] = value;
    }
    const minutes = estimate(notebook, options.profile);
    return { file, name, notebook, parameters, ...(minutes === undefined ? {} : { minutes }) };
  });
  if (undeclared.size > 0) {
    const [first] = undeclared;
    throw new Error(
      `No notebook has a parameter ${first}${amongNames(first, [...known].sort())} (-p NAME=VALUE). What a profile sets, such as seeds, is changed by a profile of your own: see ${howToChangeSettings}.`,
    );
  }
  return planned;
}
