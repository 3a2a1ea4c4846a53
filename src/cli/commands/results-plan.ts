import type { PlanProgress } from "../../results/plan.js";
import { dealOut, parseShard } from "../../results/shard.js";
import { readArguments } from "../arguments.js";
import { type CommandOutput, countOption, MOST_PROCESSES, UsageError } from "../command.js";
import { alignColumns } from "../text-layout.js";

const text = { type: "string" } as const;
const several = { type: "string", multiple: true } as const;

/** Flags that say which study, and which of its notebooks. */
export const studyFlags = {
  ...{ profile: text, data: text, domains: text, encoder: text, regime: text, backend: text },
  ...{ results: text, cache: text, workers: text, set: several, only: several },
} as const;

// What plans and runs is loaded where it is needed: it takes a second, which the other commands should not.
const studyPart = () => import("../study-part.js");

type StudyValues = ReturnType<typeof readArguments<typeof studyFlags>>["values"];

async function partOf({ workers, set, only, regime, ...rest }: StudyValues) {
  const { changedSettings } = await studyPart();
  const count = countOption("workers", workers, { most: MOST_PROCESSES });
  return {
    ...rest,
    ...(regime !== undefined && { regime: regimeOption(regime) }),
    ...{ only: only?.flatMap((word) => word.split(",")), set: changedSettings(set), workers: count },
  };
}

function regimeOption(text: string): "paper" | "controlled" {
  if (text === "paper" || text === "controlled") return text;
  throw new UsageError(`--regime is paper or controlled, not "${text}".`);
}

function shardOption(text: string) {
  try {
    return parseShard(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** `signmix results plan`: what can be computed now, and what it is expected to cost. */
export async function plan(args: string[], output: CommandOutput): Promise<number> {
  const { values } = readArguments(args, { ...studyFlags, shard: text }, { positionals: false });
  const { shard: asked, ...rest } = values;
  const shard = asked === undefined ? undefined : shardOption(asked);
  const { planStage } = await studyPart();
  const { units, seconds } = await planStage(await partOf(rest));
  if (units.length === 0) {
    output.out("All that the notebooks compute is stored.\n");
    return 0;
  }
  const dealt = shard && dealOut(units, seconds, shard.of);
  const own = dealt && shard ? dealt[shard.index - 1] : units.map((_, i) => i);
  const kinds = [...new Set(own.map((i) => units[i].kind))].sort();
  const rows = kinds.map((kind) => {
    const times = own.filter((i) => units[i].kind === kind).map((i) => seconds[i]);
    const total = times.reduce((sum, one) => sum + one, 0);
    return [kind, `${times.length}`, (total / times.length).toFixed(1), (total / 3600).toFixed(2)];
  });
  output.out(`${alignColumns([["kind", "units", "seconds each", "core hours"], ...rows], 3)}\n\n`);
  if (dealt && shard) {
    const hours = dealt.map((part) => part.reduce((sum, i) => sum + seconds[i], 0) / 3600);
    const [longest, mean] = [Math.max(...hours), hours.reduce((sum, one) => sum + one, 0) / hours.length];
    output.out(
      `Shard ${shard.index} of ${shard.of} has ${own.length} of the ${units.length} units that can be computed now. `,
    );
    output.out(
      `The longest shard is expected to take ${longest.toFixed(2)} core hours, a shard on average ${mean.toFixed(2)}.\n`,
    );
  } else output.out("That can be computed now; what follows from it is planned once it is stored.\n");
  return 0;
}

/** `signmix results run`: computes what the notebooks need, all of it or a shard of what can be computed now. */
export async function run(args: string[], output: CommandOutput): Promise<number> {
  const { values } = readArguments(args, { ...studyFlags, shard: text }, { positionals: false });
  const { shard: asked, ...rest } = values;
  const shard = asked === undefined ? undefined : shardOption(asked);
  const { describePart, runAll, runPart } = await studyPart();
  const part = await partOf(rest);
  const onProgress = progressLines(output);
  if (shard) {
    const done = await runPart(part, shard, onProgress);
    output.out(`Shard ${shard.index} of ${shard.of}: ${describePart(done)}.\nRows: ${done.folder}\n`);
    return 0;
  }
  const done = await runAll(part, ({ units }) => output.err(`${units.length} units can be computed now\n`), onProgress);
  output.out(`${describePart(done)}.\nRows: ${done.folder}\n`);
  return 0;
}

/** A line for every twentieth of a plan. */
function progressLines(output: CommandOutput): (progress: PlanProgress) => void {
  let told = 0;
  return ({ done, total, last }) => {
    const twentieth = Math.floor((20 * done) / Math.max(1, total));
    if (last === undefined || twentieth === told) return;
    told = twentieth;
    output.progress(`${done} of ${total} units, the last of kind ${last.kind}`);
  };
}
