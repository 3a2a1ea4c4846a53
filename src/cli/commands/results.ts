import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { mean, median, sum } from "simple-statistics";
import type { ResultsContext } from "../../results/context.js";
import { kindsIn, mergeResults, type ResultsPlace } from "../../results/merge.js";
import { ResultStore } from "../../results/store.js";
import { unitName } from "../../results/unit-name.js";
import type { Study } from "../../study/study.js";
import { readArguments } from "../arguments.js";
import { type Command, type CommandOutput, countOption, UsageError } from "../command.js";
import { alignColumns } from "../text-layout.js";
import { plan, run } from "./results-plan.js";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const places = { profile: text, results: text, cache: text };

/** `signmix results`: look after stored results. */
export const resultsCommand: Command = {
  help: `signmix results plan [--profile P] [--shard I/N] [options]
signmix results run [--profile P] [--shard I/N] [options]
signmix results check [--profile P]
signmix results verify [--profile P] [options]
signmix results times [--profile P]
signmix results diff A B [--profile P]
signmix results adopt [--profile P] [options]
signmix results merge FOLDER... | --shards [--profile P]
signmix results export [--profile P]

plan    what the notebooks need, what of it can be computed now, and what that is expected to take. Changes nothing.
run     computes what the notebooks need, without them: adapters first, then what follows from them. With --shard 2/8 it computes
        the second of eight parts of what can be computed now, into a folder of that part, and reads the stored rows without
        changing them; "merge --shards" takes in all parts, and the next stage can begin.
check   counts rows by kind: those of an older state of the code, damaged lines, rows that are stored and not in the results
        (yet, or any more), damaged and missing adapters. Changes nothing.
verify  computes a seeded sample of the stored rows of each kind again, and says whether all are equal, to the last digit
        and byte, and what all rows would take on this machine. Adapters that the sample needs and whose files are gone
        are trained again. Changes no row.
times   what the units computed on this machine took, by kind.
diff    shows each claim of two scorecards, and what changed from A to B: files, folders that hold scorecard.json, clones,
        or profiles.
adopt   after a refactoring, rows of the older code are not found any more. A seeded sample of them, for each kind, is
        computed again, as verify does; if all are equal, to the last digit and byte, all rows are re-keyed. Else nothing is
        changed, and it says which unit differs and how.
merge   takes in the rows and adapters of other folders (data/results of other clones), or with --shards those of all shards
        that ran with the same --results. Where two rows of one unit differ, nothing is changed, and it says which.
export  writes the rows that a killed run left in the working store into the results; every run that ends does so itself.

  --profile P        smoke, classroom (default), compact, paper; for check, times, merge and export, any folder of the results
  --results FOLDER   not of adopt, verify: where the results lie (default data/results)
  --cache FOLDER     not of adopt, verify: where the working store, shards and uncommitted adapters lie (default
                     .cache/results, or .cache in the folder of --results)
  --data FOLDER      plan, run, adopt, verify: folder of real data sets
  --encoder FOLDER   plan, run, adopt, verify: folder or hub id of the frozen encoder, in place of the profile's
  --backend NAME     plan, run, adopt, verify: TensorFlow.js backend
  --only 02          plan, run: only what notebooks compute whose name holds this; may be given several times
  --regime NAME      plan, run: paper (default, as in the notebooks) or controlled
  --domains, --workers   plan, run: as of npm run reproduce
  --set NAME=VALUE   plan, run: another value of a profile's setting, such as poolSize=13; may be given several times
  --sample N         adopt, verify: units computed again for each kind (default 3)
  --kind K           adopt, verify: only rows of this kind; may be given several times
  --seed TEXT        adopt, verify: seed of the choice of units (default the action's name)
  --dry-run          adopt: compute and tell, but change nothing

Exit codes: 0 all is well or done, 1 damaged, different, contradictory, not exported or gone, 2 not understood.
`,
  async run(args, output) {
    const [action, ...rest] = args;
    const chosen = { plan, run, check, verify, times, diff, adopt, merge, export: exportRows }[action ?? ""];
    if (!chosen)
      throw new UsageError(
        `Say what to do: plan, run, check, verify, times, diff, adopt, merge or export${action ? `, not "${action}"` : ""}.`,
      );
    return chosen(rest, output);
  },
};

// What runs units is loaded where it is needed: it takes a second, which the other commands should not.

const diff = async (args: string[], output: CommandOutput) =>
  (await import("./results-diff.js")).diffScorecards(args, output);

async function check(args: string[], output: CommandOutput): Promise<number> {
  const { values } = readArguments(args, places, { positionals: false });
  const store = storeOf(values, output, true);
  const { checkResults } = await import("../../results/check.js");
  const { codeOf } = await import("../../study/kinds.js");
  await import("../../chapters/units.js");
  const { kinds, apart, adapters, ran } = checkResults(store, codeOf);
  const rows = kinds.map((state) => [state.kind, `${state.rows}`, `${state.stale}`, `${state.damaged}`]);
  output.out(`${alignColumns([["kind", "rows", "of older code", "damaged lines"], ...rows], 3)}\n\n`);
  for (const { kind, waiting, gone } of apart) {
    const file = join(store.folder, `${kind}.jsonl`);
    if (waiting > 0) output.out(`${waiting} rows of ${kind} are stored and not in ${file}: signmix results export\n`);
    if (gone > 0) output.out(`${gone} rows of ${kind} went from ${file}; git restores what was committed\n`);
  }
  const missing = adapters.missing > 0 ? `; ${adapters.missing} more are named by rows and can be trained again` : "";
  output.out(`${adapters.files} adapter files, ${adapters.damaged.length} damaged${missing}\n`);
  for (const file of adapters.damaged) output.out(`  damaged: ${file}\n`);
  output.out(`computed on ${ran.join("; ") || "nothing yet"}\n`);
  if (ran.length > 1) output.err("Rows of different machines stand together; their last digits may differ.\n");
  if (kinds.some(({ stale }) => stale > 0)) output.err("signmix results adopt may keep rows of older code.\n");
  const isIncomplete = apart.length > 0 || kinds.some(({ damaged }) => damaged > 0);
  return adapters.damaged.length > 0 || isIncomplete ? 1 : 0;
}

async function exportRows(args: string[], output: CommandOutput): Promise<number> {
  const { values } = readArguments(args, places, { positionals: false });
  const store = storeOf(values, output, true);
  for (const kind of store.storedKinds()) store.settle(kind);
  output.out(`${store.folder} holds all rows that are stored.\n`);
  return 0;
}

/** Flags of the actions that compute a sample of the stored units again. */
const sampling = {
  ...{ profile: text, data: text, encoder: text, backend: text, sample: text, seed: text },
  kind: { ...text, multiple: true },
} as const;

async function verify(args: string[], output: CommandOutput): Promise<number> {
  const { values } = readArguments(args, sampling, { positionals: false });
  const sample = countOption("sample", values.sample) ?? 3;
  const { openStudy } = await import("../../study/study.js");
  const { verifyResults } = await import("../../results/verify.js");
  const { profile, data, encoder, backend } = values;
  const study = await openStudy({ profile, data, encoder, backend, quiet: true });
  const { kinds, differences } = await verifyResults(await contextOf(study), {
    ...{ sample, kinds: values.kind, seed: values.seed },
    onStart: (units) => output.err(`computing ${units.length} units again\n`),
  });
  const rows = kinds.map(({ kind, rows, seconds }) => [
    ...[kind, `${rows}`, `${seconds.length}`],
    ...(seconds.length > 0 ? [mean(seconds).toFixed(1), ((mean(seconds) * rows) / 60).toFixed(1)] : ["", ""]),
  ]);
  const heading = ["kind", "rows", "computed again", "seconds each", "core minutes for all"];
  output.out(`${alignColumns([heading, ...rows], 3)}\n\n`);
  for (const { unit, how } of differences) output.out(`${unitName(unit)}: ${how.join("; ")}\n`);
  const computed = kinds.reduce((sum, { seconds }) => sum + seconds.length, 0);
  if (computed === 0) output.out("No row could be computed again.\n");
  else if (differences.length === 0) output.out(`All ${computed} are equal.\n`);
  else output.out(`${differences.length} of ${computed} differ.\n`);
  return differences.length > 0 ? 1 : 0;
}

async function times(args: string[], output: CommandOutput): Promise<number> {
  const { values } = readArguments(args, places, { positionals: false });
  const store = storeOf(values, output, true);
  const rows = store.storedKinds().flatMap((kind) => {
    const seconds = store.times(kind);
    if (seconds.length === 0) return [];
    const [total, each] = [sum(seconds) / 60, median(seconds)];
    return [[kind, `${store.count(kind)}`, `${seconds.length}`, each.toFixed(2), total.toFixed(1)]];
  });
  const heading = ["kind", "rows", "computed here", "seconds each (median)", "core minutes"];
  output.out(
    rows.length > 0
      ? `${alignColumns([heading, ...rows], 3)}\n`
      : `Nothing of ${store.profile} was computed on this machine.\n`,
  );
  return 0;
}

async function adopt(args: string[], output: CommandOutput): Promise<number> {
  const { values } = readArguments(args, { ...sampling, "dry-run": flag }, { positionals: false });
  const sample = countOption("sample", values.sample) ?? 3;
  const { openStudy } = await import("../../study/study.js");
  const { adoptResults } = await import("../../results/adopt.js");
  const { profile, data, encoder, backend } = values;
  const study = await openStudy({ profile, data, encoder, backend, quiet: true });
  const { groups, differences, uncertain, changed } = await adoptResults(await contextOf(study), {
    ...{ sample, kinds: values.kind, seed: values.seed, dryRun: values["dry-run"] },
    onStart: (units) => output.err(`computing ${units.length} units again\n`),
  });
  if (groups.length === 0) {
    output.out(`No row of ${study.label} is of older code.\n`);
    return 0;
  }
  const rows = groups.map((group) => [
    group.kind,
    group.code.slice(0, 8),
    ...[group.rows, group.otherInputs, group.sampled].map(String),
  ]);
  output.out(`${alignColumns([["kind", "old code", "rows", "of other inputs", "computed again"], ...rows], 3)}\n\n`);
  for (const reason of uncertain) output.out(`${reason}\n`);
  for (const { unit, how } of differences) output.out(`${unitName(unit)}: ${how.join("; ")}\n`);
  const total = groups.reduce((sum, group) => sum + group.rows, 0);
  if (changed) output.out(`All equal: ${total} rows are re-keyed. Rows of other inputs are left as they are.\n`);
  else if (values["dry-run"] && differences.length + uncertain.length === 0)
    output.out(`All equal: ${total} rows would be re-keyed; nothing is changed.\n`);
  else output.out("Nothing is changed.\n");
  return differences.length + uncertain.length > 0 ? 1 : 0;
}

async function merge(args: string[], output: CommandOutput): Promise<number> {
  const { values, positionals } = readArguments(args, { ...places, shards: flag });
  if (positionals.length === 0 && !values.shards)
    throw new UsageError("Name the folders to merge, such as data/results of another clone, or say --shards.");
  const store = storeOf(values, output);
  const folders = [
    ...positionals.map((folder) => resultsPlace(folder, store.profile)),
    ...(values.shards ? await shardPlaces(store) : []),
  ];
  const { rows, adapters, ran } = mergeResults(store, folders);
  const counts = Object.entries(rows).map(([kind, count]) => [kind, `${count}`]);
  output.out(`${alignColumns([["kind", "new rows"], ...counts], 3)}\n\n${adapters} new adapter files\n`);
  if (ran.length > 1)
    output.err(`Rows of different machines stand together (${ran.join("; ")}); their last digits may differ.\n`);
  return 0;
}

/** A study as the actions that compute see it, with every kind of unit known. */
async function contextOf(study: Study): Promise<ResultsContext> {
  await import("../../chapters/units.js");
  const { resultsContext } = await import("../../study/results-context.js");
  return resultsContext(study);
}

/** The store of a profile; a store to read must be there. */
function storeOf(
  values: { profile?: string; results?: string; cache?: string },
  output: CommandOutput,
  mustExist = false,
): ResultStore {
  const options = {
    folder: values.results,
    cache: values.cache,
    warn: (message: string) => output.err(`${message}\n`),
  };
  const store = new ResultStore(values.profile ?? "classroom", options);
  if (mustExist && ![store.folder, store.cache].some(existsSync))
    throw new Error(`There are no results at ${store.folder}; a notebook that runs at that profile makes them.`);
  return store;
}

/** Where a profile's rows and adapters lie in a clone, in a folder of results, or in the folder itself. */
function resultsPlace(folder: string, profile: string): ResultsPlace {
  const places: ResultsPlace[] = [
    { folder: join(folder, "data", "results", profile), cache: join(folder, ".cache", "results", profile) },
    { folder: join(folder, profile), cache: join(folder, ".cache", profile) },
    { folder, cache: join(dirname(folder), ".cache", profile) },
  ];
  const found = places.find((place) => existsSync(place.folder) && kindsIn(place.folder).length > 0);
  if (!found) throw new Error(`${folder} holds no rows of the profile "${profile}".`);
  return found;
}

/** Where the shards that ran with a store's results have left their rows. */
async function shardPlaces(store: ResultStore): Promise<ResultsPlace[]> {
  const { shardPlace, shardsFolder } = await import("../../study/stage.js");
  const root = shardsFolder(store.cache);
  const names = existsSync(root) ? readdirSync(root).sort() : [];
  const found = names.map((name) => shardPlace(store, name)).filter(({ folder }) => existsSync(folder));
  if (found.length === 0) throw new Error(`There are no shards in ${root}; signmix results run --shard makes them.`);
  return found;
}
