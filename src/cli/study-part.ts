import { UnitCost } from "../chapters/cost.js";
import { notebookExperiments } from "../chapters/experiments.js";
import { formatSeconds } from "../display/progress.js";
import { type PlanProgress, runPlan } from "../results/plan.js";
import { dealOut, type Shard } from "../results/shard.js";
import type { Unit } from "../results/unit.js";
import { type Experiment, pendingUnits } from "../study/pending.js";
import type { Settings } from "../study/profile.js";
import { restoring, runnerOf } from "../study/run.js";
import { runShard, shardStore } from "../study/stage.js";
import { openStudy, type Study, type StudyOptions } from "../study/study.js";
import { UsageError } from "./command.js";

/** Which part of a study is planned or computed. */
export interface StudyPart extends StudyOptions {
  /** Words that a notebook's name must hold; all notebooks where there are none. */
  only?: readonly string[];
}

/** The experiments of the notebooks that are named. @throws naming a word that no notebook's name holds */
export function experimentsOf(only: readonly string[] = []): Experiment[] {
  const names = notebookExperiments.map(({ notebook }) => notebook);
  const unmatched = only.find((word) => !names.some((name) => name.includes(word)));
  if (unmatched !== undefined)
    throw new UsageError(`No notebook's name holds "${unmatched}"; they are ${names.join(", ")}.`);
  return notebookExperiments
    .filter(({ notebook }) => only.length === 0 || only.some((word) => notebook.includes(word)))
    .flatMap(({ experiments }) => experiments);
}

/** Settings given as NAME=VALUE, the value as JSON or a word. @throws on what is not of that form */
export function changedSettings(pairs: readonly string[] = []): Partial<Settings> | undefined {
  const changes = pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1)
      throw new UsageError(`--set takes NAME=VALUE, such as --set poolSize=13; "${pair}" is not of that form.`);
    const text = pair.slice(at + 1);
    try {
      return [pair.slice(0, at), JSON.parse(text) as unknown];
    } catch {
      return [pair.slice(0, at), text];
    }
  });
  return changes.length > 0 ? (Object.fromEntries(changes) as Partial<Settings>) : undefined;
}

/** An opened study with what can be computed now, and what each unit is expected to take on one core. */
export interface PlannedStage {
  study: Study;
  units: Unit[];
  /** In the order of `units`. */
  seconds: number[];
}

/** Opens a study as the notebooks do, in the paper's regime unless told otherwise, and plans what can be computed now. */
export async function planStage(part: StudyPart, open?: Study): Promise<PlannedStage> {
  const { only, ...options } = part;
  const experiments = experimentsOf(only);
  const study = open ?? (await openStudy({ regime: "paper", ...options, quiet: true }));
  const units = await pendingUnits(study, experiments);
  const cost = new UnitCost(study);
  const seconds: number[] = [];
  for (const unit of units) seconds.push(await cost.seconds(unit));
  return { study, units, seconds };
}

/** What was computed. */
export interface ComputedPart {
  units: number;
  /** On the clock. */
  seconds: number;
  /** What the units were expected to take on one core. */
  expected: number;
  /** The folder of the rows. */
  folder: string;
}

/** Computes a shard of what can be computed now; what was computed of it before is not computed again. */
export async function runPart(
  part: StudyPart,
  shard: Shard,
  onProgress?: (progress: PlanProgress) => void,
): Promise<ComputedPart> {
  const { study, units, seconds } = await planStage(part);
  const own = dealOut(units, seconds, shard.of)[shard.index - 1];
  const started = performance.now();
  await runShard(
    study,
    own.map((i) => units[i]),
    shard,
    { onProgress },
  );
  return {
    ...{ units: own.length, seconds: (performance.now() - started) / 1000 },
    expected: own.reduce((sum, i) => sum + seconds[i], 0),
    folder: shardStore(study.store, shard).folder,
  };
}

/** Computes a study to its end, stage by stage, in this clone. `onStage` is told of each before it begins. */
export async function runAll(
  part: StudyPart,
  onStage?: (stage: PlannedStage) => void,
  onProgress?: (progress: PlanProgress) => void,
): Promise<ComputedPart> {
  let stage = await planStage(part);
  const { study } = stage;
  const started = performance.now();
  const total = { units: 0, expected: 0 };
  while (stage.units.length > 0) {
    onStage?.(stage);
    await runPlan(stage.units, study.store, runnerOf(study), restoring(study, { onProgress }));
    total.units += stage.units.length;
    total.expected += stage.seconds.reduce((sum, one) => sum + one, 0);
    stage = await planStage(part, study);
  }
  return { ...total, seconds: (performance.now() - started) / 1000, folder: study.store.folder };
}

/** "12 units in 40 s; 65 s were expected on one core". */
export function describePart({ units, seconds, expected }: ComputedPart): string {
  return `${units} units in ${formatSeconds(seconds)}; ${formatSeconds(expected)} were expected on one core`;
}
