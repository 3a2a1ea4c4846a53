import { coreHours, stageWork } from "../../chapters/stage-work.js";
import { runStage, type Stage, stageOf, stages } from "../../chapters/stages.js";
import { formatFixed } from "../../display/number-format.js";
import { formatSeconds } from "../../display/progress.js";
import { domainCard } from "../../domains/card.js";
import { unitName } from "../../results/unit-name.js";
import { loadProfile, type Profile } from "../../study/profile.js";
import { openStudy, type Study } from "../../study/study.js";
import { readArguments } from "../arguments.js";
import { type CommandOutput, countOption, MOST_PROCESSES, minutesOption, UsageError } from "../command.js";
import { alignColumns } from "../text-layout.js";

const text = { type: "string" } as const;
const many = { type: "string", multiple: true } as const;
const flags = {
  ...{ profile: text, data: text, encoder: text, backend: text, workers: text, minutes: text },
  ...{ stage: many, seed: many },
} as const;

/** `signmix study plan`: what each stage of a study computes, and what it costs. */
export function planStages(args: string[], output: CommandOutput): number {
  const { values } = readArguments(args, { profile: text, seed: many }, { positionals: false });
  const profile = loadProfile(values.profile ?? "classroom");
  for (const line of stageLines(profile, seedsOf(profile, values.seed))) output.out(`${line}\n`);
  return 0;
}

/** A table of the stages with their units and, where the profile's rates were measured, core hours. */
export function stageLines(profile: Profile, seeds: readonly number[] = profile.settings.seeds): string[] {
  const { rates, settings } = profile;
  const classesOf = (name: string) => domainCard(name).labels.length;
  const work = stageWork({ settings, classesOf, layers: rates?.layers ?? 0 }, seeds);
  const hours = (each: { steps: number; texts: number }) => (rates ? [formatFixed(coreHours(each, rates), 1)] : []);
  const sum = (field: "trainings" | "steps" | "tests" | "texts") => work.reduce((all, each) => all + each[field], 0);
  const all = { trainings: sum("trainings"), steps: sum("steps"), tests: sum("tests"), texts: sum("texts") };
  const cells = ({ trainings, steps, tests, texts }: typeof all) => [trainings, steps, tests, texts].map(String);
  const heading = ["stage", "computes", "adapters", "steps", "tests", "texts read", ...(rates ? ["core hours"] : [])];
  const rows = work.map((each) => [each.stage, each.about, ...cells(each), ...hours(each)]);
  const lines = alignColumns([heading, ...rows, ["all", "", ...cells(all), ...hours(all)]], 2).split("\n");
  const note = rates
    ? `Rates of one core: ${rates.secondsPerStep} s a step, ${rates.secondsPerText} s a text (${rates.from}).`
    : `The rates of "${profile.name}" were not measured.`;
  const seedsNote = `Seeds ${seeds.join(", ")}; what a stage before has computed is not counted again.`;
  return [...lines, "", note, seedsNote];
}

/** `signmix study run`: computes stages of a study, seed by seed, and can be stopped at any time. */
export async function runStages(args: string[], output: CommandOutput): Promise<number> {
  const { values } = readArguments(args, flags, { positionals: false });
  const minutes = minutesOption("minutes", values.minutes);
  const workers = countOption("workers", values.workers, { most: MOST_PROCESSES }) ?? 1;
  const chosen = values.stage ? values.stage.map(stageNamed) : stages;
  const { profile = "classroom", data, encoder, backend } = values;
  const seeds = seedsOf(loadProfile(profile), values.seed);
  await import("../../chapters/units.js");
  const study: Study = { ...(await openStudy({ profile, data, encoder, backend, workers, quiet: true })), lazy: true };
  const stop = new AbortController();
  const end = () => stop.abort(new Error("stopped"));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, end);
  const timer = minutes === undefined ? undefined : setTimeout(end, 60_000 * minutes);
  const began = performance.now();
  try {
    for (const seed of seeds) {
      for (const stage of chosen) {
        const what = `${stage.name}, seed ${seed}`;
        const ran = await runStage(stage, study, seed, { signal: stop.signal, onProgress: tellUnits(what, output) });
        const state = ran ? `stored (${formatSeconds((performance.now() - began) / 1000)})` : "is for other seeds";
        output.err(`${what}: ${state}\n`);
      }
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    output.err("Stopped. The same command goes on; what was finished is stored.\n");
    return 0;
  } finally {
    clearTimeout(timer);
    for (const signal of signals) process.off(signal, end);
  }
  return 0;
}

function stageNamed(name: string): Stage {
  try {
    return stageOf(name);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function seedsOf({ name, settings }: Profile, given: readonly string[] | undefined): number[] {
  if (!given) return settings.seeds;
  return given.map((word) => {
    const seed = Number(word);
    if (settings.seeds.includes(seed)) return seed;
    throw new UsageError(`The seeds of "${name}" are ${settings.seeds.join(", ")}, not ${word}.`);
  });
}

/** A line for every unit that was computed. */
function tellUnits(what: string, output: CommandOutput) {
  return ({ done, total, last }: { done: number; total: number; last?: Parameters<typeof unitName>[0] }) => {
    if (last) output.progress(`${what}: ${done} of ${total}  ${unitName(last)}`);
  };
}
