import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { formatSeconds } from "../display/progress.js";
import { endWithParent } from "../engine/parent-watch.js";
import { readJsonObject } from "../files/json.js";
import { projectPath } from "../files/project.js";
import { terminalText } from "../files/shown.js";
import { clearScratch, makeScratch, removeScratch, scratchEnvironment, scratchToRemove } from "../files/temporary.js";
import { beginFreshRun } from "../results/fresh-run.js";
import { dealOut, type Shard } from "../results/shard.js";
import type { KernelSpec } from "../runner/kernel-client.js";
import { writeNotebook } from "../runner/notebook.js";
import { type CellEvent, type RunResult, runNotebook } from "../runner/run-notebook.js";
import { loadProfile } from "../study/profile.js";
import { notAtHand } from "../study/stored-study.js";
import {
  type PlannedNotebook,
  planNotebooks,
  type ReproduceOptions,
  reproduceOptions,
  usage,
} from "./reproduce-options.js";

/** Minutes a cell may take; a real experiment is left to run for days. */
const minutesPerCell: Record<string, number> = { smoke: 6, classroom: 240 };
const otherMinutesPerCell = 7 * 24 * 60;
const heartbeat = 30_000; // milliseconds between signs of life of a long cell

type Log = (line: string) => void;

/** The kernel description that set-up wrote, which JupyterLab starts too. */
function readKernelSpec(): KernelSpec {
  const file = projectPath(".jupyter", "kernels", "tslab", "kernel.json");
  if (!existsSync(file)) throw new Error("The kernel's description is missing: run npm run setup once.");
  const { argv } = readJsonObject(file);
  if (!Array.isArray(argv) || argv.length === 0 || !argv.every((word) => typeof word === "string")) {
    throw new Error(`"${file}" does not say how the kernel starts: run npm run setup again.`);
  }
  return { argv };
}

/** The sentence with which a run begins; `stored` where the profile's results are there to be read. */
export function estimateLine(planned: readonly PlannedNotebook[], profile: string, stored = false): string {
  const known = planned.filter((one) => one.minutes !== undefined);
  const minutes = Math.max(1, Math.round(known.reduce((sum, one) => sum + (one.minutes ?? 0), 0)));
  const count = planned.length === 1 ? "1 notebook" : `${planned.length} notebooks`;
  const fromNothing = `about ${minutes} ${minutes === 1 ? "minute" : "minutes"} on two cores`;
  const about = stored ? `up to 3 minutes, since results are stored; ${fromNothing} from nothing` : fromNothing;
  const unknown = planned.length - known.length;
  const rest = unknown === 0 ? "" : known.length === 0 ? " (no estimate)" : ` (${unknown} without an estimate)`;
  return `${count} at profile ${profile}: ${known.length === 0 ? "time unknown" : about}${rest}`;
}

/** Where an executed notebook goes: over the committed one only when nothing was put into it. */
export function targetOf(planned: PlannedNotebook, options: ReproduceOptions, succeeded: boolean): string {
  if (options.output) return path.join(options.output, planned.name);
  const asCommitted = options.profile === "classroom" && Object.keys(planned.parameters).length === 0;
  if (asCommitted && succeeded) return planned.file;
  const place = options.solutions ? ["solutions", planned.name] : [planned.name];
  return projectPath(".cache", "notebooks", options.profile, ...place);
}

/** Flags and parameters that ask for other rows than a profile's own. */
const otherRows = ["fresh", "data", "domains", "encoder"];

/** Whether results of what is asked for are there and will be read. */
export function hasStored({ profile, flags, named }: ReproduceOptions): boolean {
  const given = { ...flags, ...named };
  const others = otherRows.some((name) => given[name] && given[name] !== "false");
  return !others && existsSync(projectPath("data", "results", profile, "train.jsonl"));
}

function cellReporter(planned: PlannedNotebook, log: Log) {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const title = planned.name.replace(/\.ipynb$/, "");
  const ofEstimate = planned.minutes === undefined ? "" : ` of about ${formatSeconds(60 * planned.minutes)}`;
  const place = ({ cell, cells, name }: CellEvent) => `  ${title}  cell ${cell}/${cells}  ${name}`;
  const elapsed = () => `${formatSeconds((performance.now() - started) / 1000)}${ofEstimate}`;
  return {
    onCell(event: CellEvent): void {
      clearInterval(timer);
      if (event.seconds !== undefined) log(`${place(event)}  ${formatSeconds(event.seconds)}  (${elapsed()})`);
      else timer = setInterval(() => log(`${place(event)}  still running  (${elapsed()})`), heartbeat);
    },
    stop: () => clearInterval(timer),
  };
}

async function runPlanned(
  planned: PlannedNotebook,
  options: ReproduceOptions,
  spec: KernelSpec,
  signal: AbortSignal,
  log: Log,
): Promise<RunResult> {
  const reporter = cellReporter(planned, log);
  const minutes = minutesPerCell[options.profile] ?? otherMinutesPerCell;
  const { file, notebook, parameters } = planned;
  try {
    const secondsPerCell = options.secondsPerCell ?? 60 * minutes;
    const result = await runNotebook(notebook, {
      file,
      spec,
      parameters,
      secondsPerCell,
      signal,
      onCell: reporter.onCell,
      passOver: notAtHand,
    });
    const target = targetOf(planned, options, !result.failure && !result.interrupted);
    writeNotebook(target, result.notebook);
    log(`  written: ${path.relative(projectPath(), target)}`);
    return result;
  } finally {
    reporter.stop();
  }
}

/** A kernel that does not start, or a file that cannot be written, ends one notebook, not the run. */
function asFailure({ name }: PlannedNotebook) {
  return (error: Error): Pick<RunResult, "interrupted" | "passedOver"> & { failure: Error } => {
    return { interrupted: false, passedOver: [], failure: new Error(`${name}: ${error.message}`) };
  };
}

/** Files of figures/ written since a moment, by their kind. */
function writtenSince(moment: number): { figures: string[]; tables: string[] } {
  const folder = projectPath("figures");
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).sort() : [];
  const fresh = files.filter(
    (file) => /\.(svg|csv)$/.test(file) && statSync(path.join(folder, file)).mtimeMs >= moment,
  );
  const shown = fresh.map((file) => path.join("figures", file));
  return {
    figures: shown.filter((file) => file.endsWith(".svg")),
    tables: shown.filter((file) => file.endsWith(".csv")),
  };
}

function summary(begin: number, failures: string[], log: Log): void {
  const { figures, tables } = writtenSince(begin);
  for (const [kind, files] of Object.entries({ figures, tables })) {
    log(`${kind} written: ${files.length}`);
    for (const file of files) log(`  ${file}`);
  }
  const took = formatSeconds((Date.now() - begin) / 1000);
  log(failures.length === 0 ? `All notebooks ran, in ${took}.` : `${failures.length} failed, after ${took}:`);
  for (const failure of failures) log(`  ${failure}`);
}

/** Computes a shard of what the notebooks need and can be computed now (`signmix results run --shard`). */
async function computeShard(
  { only, dryRun, workers, memory, flags }: ReproduceOptions,
  shard: Shard,
  log: Log,
): Promise<number> {
  const { describePart, planStage, runPart } = await import("./study-part.js");
  if (memory) process.env.SIGNMIX_MEMORY = `${memory}`;
  const part = { ...flags, only, workers };
  const name = `Shard ${shard.index} of ${shard.of}`;
  if (dryRun) {
    const { units, seconds } = await planStage(part);
    const own = dealOut(units, seconds, shard.of)[shard.index - 1];
    const expected = own.reduce((sum, i) => sum + seconds[i], 0);
    log(`${name}: ${own.length} of ${units.length} units; ${formatSeconds(expected)} are expected on one core.`);
    return 0;
  }
  const done = await runPart(part, shard);
  log(`${name}: ${describePart(done)}.`);
  log(`Rows: ${path.relative(projectPath(), done.folder)}`);
  log("When all shards have run: npx signmix results merge --shards, and the next stage can begin.");
  return 0;
}

/**
 * Runs notebooks as the command line asks, each in a kernel of its own, and writes the executed ones.
 * Ctrl-C stops the running cell and saves the notebook as far as it came; what experiments had stored stays stored. So do
 * a closed terminal and a reader that goes away (`| head`).
 * @returns the exit code: 0, 1 after a failure, 130 after an interruption, 141 where nobody reads the output any more
 * @throws on a flag, profile, notebook or parameter that is not there
 */
export async function reproduce(
  args: string[],
  log: Log = (text) => console.log(terminalText(text)),
  notebooks = projectPath("notebooks"),
): Promise<number> {
  const options = reproduceOptions(args);
  if (!options) {
    log(usage);
    return 0;
  }
  if (options.shard) return computeShard(options, options.shard, log);
  const planned = planNotebooks(options.solutions ? path.join(notebooks, "solutions") : notebooks, options);
  const stored = hasStored(options);
  log(estimateLine(planned, options.profile, stored));
  if (options.dryRun) {
    for (const { name, parameters } of planned) log(`  ${name} ${JSON.stringify(parameters)}`);
    const { stageLines } = await import("./commands/study-stages.js");
    const profile = loadProfile(options.profile);
    if (profile.rates) for (const line of ["", "Stages of npx signmix study run:", ...stageLines(profile)]) log(line);
    return 0;
  }
  const spec = readKernelSpec();
  // The kernels, and the workers that they start, take these from the environment.
  if (options.workers) process.env.SIGNMIX_WORKERS = `${options.workers}`;
  const fresh = planned.some(({ parameters }) => parameters.fresh === true)
    ? beginFreshRun(projectPath(".cache"), args)
    : undefined;
  Object.assign(process.env, fresh?.environment);
  if (options.memory) process.env.SIGNMIX_MEMORY = `${options.memory}`;

  const stop = new AbortController();
  let unheard = false; // nobody reads the output any more
  const say: Log = (line) => unheard || log(line);
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(130);
    say("Interrupted: saving what is there (press Ctrl-C again to leave at once) …");
    stop.abort();
  };
  const onClosed = () => {
    unheard = true;
    stop.abort();
  };
  const { stdout, stderr } = process;
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  for (const stream of [stdout, stderr]) stream.on("error", onClosed);
  const scratch = makeScratch();
  Object.assign(process.env, scratchEnvironment(scratch));
  if (process.env.npm_lifecycle_event) endWithParent(scratchToRemove(scratch)); // npm may be killed
  const begin = Date.now();
  const failures: string[] = [];
  const missing: string[] = [];
  try {
    // Estimates are from nothing; they say nothing of notebooks that read what is stored.
    const timed = stored ? planned.map((one) => ({ ...one, minutes: undefined })) : planned;
    for (const [index, one] of timed.entries()) {
      const minutes = one.minutes === undefined ? "" : `, about ${formatSeconds(60 * one.minutes)}`;
      say(`${one.name} (${index + 1} of ${planned.length}${minutes})`);
      const { failure, interrupted, passedOver } = await runPlanned(one, options, spec, stop.signal, say).catch(
        asFailure(one),
      );
      for (const { message } of passedOver) {
        missing.push(message);
        say(`  passed over: ${message.split("\n")[0]}`);
      }
      if (interrupted) {
        say("Interrupted. Run the same command again to go on: finished results are kept.");
        return unheard ? 141 : 130;
      }
      if (failure) {
        failures.push(failure.message);
        say(`  FAILED ${failure.message}`);
      }
    }
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    for (const stream of [stdout, stderr]) stream.off("error", onClosed);
    removeScratch(scratch);
    clearScratch();
  }
  if (failures.length === 0) fresh?.end();
  summary(begin, failures, say);
  if (missing.length > 0) {
    const cells = missing.length === 1 ? "1 cell was" : `${missing.length} cells were`;
    say(`${cells} passed over: stored rows do not give them. With --data and --encoder they are computed.`);
  }
  return failures.length === 0 ? 0 : 1;
}
