import { spawnSync } from "node:child_process";
import { projectPath } from "../../files/project.js";
import { readArguments } from "../arguments.js";
import { type Command, type CommandOutput, countOption, MOST_PROCESSES, UsageError } from "../command.js";

const text = { type: "string" } as const;
const several = { type: "string", multiple: true } as const;
const flag = { type: "boolean" } as const;

const flags = {
  ...{ profile: text, data: text, encoder: text, size: text, backend: text, results: text, cache: text },
  ...{ set: several, only: several, nodes: text, cpus: text, shards: text, sbatch: several },
  ...{ rates: text, image: text, claim: text, namespace: text, "dry-run": flag },
} as const;

type Values = ReturnType<typeof readArguments<typeof flags>>["values"];

/** `signmix submit`: send a study to a cluster. */
export const submitCommand: Command = {
  help: `signmix submit slurm [--profile P] --nodes N [options]
signmix submit kubernetes [--profile P] --nodes N [options]

A study is computed in stages: adapters, what is tested with them, and what follows from those tests. Each stage is split
into shards of equal expected cost, and merged before the next begins. What it takes is told from measured rates
(data/rates.json), without data, encoder or results. environment/cluster/README.md has the steps.

slurm       writes a job array for each stage, after the merge of the one before, and gives it to sbatch
kubernetes  writes an Indexed Job for each stage and a Job for each merge, and gives them to kubectl

  --dry-run          only writes to standard output
  --nodes N          machines that compute at once
  --cpus N           cores of each, one unit on each (default 1)
  --shards N         parts of each stage (default as many as nodes)
  --profile P        smoke, classroom (default), compact, paper
  --set NAME=VALUE   another value of a profile's setting, such as poolSize=13; may be given several times
  --only 02          only what notebooks compute whose name holds this; may be given several times
  --data FOLDER      folder of real data sets, as the nodes see it
  --encoder FOLDER   folder or hub id of the frozen encoder, as the nodes see it
  --size 12x768      layers and width of an encoder whose name says too little
  --backend NAME     TensorFlow.js backend
  --rates FILE       rates measured on such machines, by npm run bench -- --only cost (default data/rates.json)
  --results FOLDER   where the results lie, on a disk that all nodes share (default data/results of the clone; kubernetes: the
                     volume, /study)
  --cache FOLDER     where working store and shards lie, likewise
  --sbatch OPTION    slurm: an option of sbatch for every shard, such as --sbatch=--partition=long; may be given several times
  --image NAME       kubernetes: the container image (default signmix:latest)
  --claim NAME       kubernetes: the PersistentVolumeClaim that all nodes write to (default signmix)
  --namespace NAME   kubernetes (default default)

Exit codes: 0 written or sent, 1 refused by the cluster, 2 not understood.
`,
  async run(args, output) {
    const [cluster, ...rest] = args;
    const send = { slurm, kubernetes }[cluster ?? ""];
    if (!send) throw new UsageError(`Say where to: slurm or kubernetes${cluster ? `, not "${cluster}"` : ""}.`);
    return send(readArguments(rest, flags, { positionals: false }).values, output);
  },
};

/** What both clusters need: the study rehearsed, the machines, and the arguments of its commands. */
async function prepare(values: Values) {
  const { changedSettings, experimentsOf } = await import("../study-part.js");
  const { rehearse } = await import("../../chapters/rehearsal.js");
  const { labelOf } = await import("../../study/study.js");
  await import("../../chapters/units.js");
  const nodes = countOption("nodes", values.nodes, { most: MOST_PROCESSES });
  if (nodes === undefined) throw new UsageError("Say on how many machines: --nodes N.");
  const machines = {
    nodes,
    cpus: countOption("cpus", values.cpus, { most: MOST_PROCESSES }) ?? 1,
    shards: countOption("shards", values.shards, { most: 100_000 }) ?? nodes,
  };
  const { profile = "classroom", data, encoder, backend, results, cache } = values;
  const only = values.only?.flatMap((word) => word.split(","));
  const set = { ...changedSettings(values.set), ...(encoder && { encoder }) };
  const rehearsal = await rehearse(experimentsOf(only), {
    ...{ profile, set, data, size: sizeOption(values.size), rates: values.rates },
  });
  const isOther = data !== undefined && rehearsal.profile.settings.source === "classroom";
  const label = labelOf(profile, { data: isOther, encoder });
  const given = (flag: string, value: string | undefined) => (value === undefined ? [] : [`--${flag}`, value]);
  const places = [...given("results", results), ...given("cache", cache)];
  const study = [
    ...given("profile", profile),
    ...[...given("data", data), ...given("encoder", encoder), ...given("backend", backend)],
    ...(values.set ?? []).flatMap((pair) => given("set", pair)),
    ...(only ?? []).flatMap((word) => given("only", word)),
    ...places,
  ];
  return { rehearsal, machines, study, merge: [...given("profile", label), ...places] };
}

async function slurm(values: Values, output: CommandOutput): Promise<number> {
  const { slurmScript } = await import("../../runner/slurm-script.js");
  const { rehearsal, machines, study, merge } = await prepare(values);
  const script = slurmScript(rehearsal, { ...machines, study, merge, sbatch: values.sbatch });
  if (values["dry-run"]) output.out(script);
  return values["dry-run"] ? 0 : handOver("bash", ["-s"], script, output, "Slurm's sbatch is needed on this machine");
}

async function kubernetes(values: Values, output: CommandOutput): Promise<number> {
  const { kubernetesScript, studyFolder } = await import("../../runner/kubernetes-jobs.js");
  const { rehearsal, machines, study, merge } = await prepare({ ...values, results: values.results ?? studyFolder });
  const { image, claim, namespace } = values;
  const script = kubernetesScript(rehearsal, { ...machines, study, merge, image, claim, namespace });
  if (values["dry-run"]) output.out(script);
  return values["dry-run"] ? 0 : handOver("bash", ["-s"], script, output, "kubectl is needed on this machine");
}

/** Gives text to a program on its standard input. */
function handOver(program: string, args: string[], input: string, output: CommandOutput, need: string): number {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: projectPath(), input, encoding: "utf8" });
  if (error) throw new Error(`${need}: ${error.message}. --dry-run only writes.`);
  output.out(stdout);
  output.err(stderr);
  if (status !== 0) output.err(`${need}. --dry-run only writes.\n`);
  return status === 0 ? 0 : 1;
}

function sizeOption(given: string | undefined): { layers: number; width: number } | undefined {
  if (given === undefined) return undefined;
  const found = given.match(/^(\d+)x(\d+)$/);
  if (!found) throw new UsageError(`--size takes layers x width, such as 12x768, not "${given}".`);
  return { layers: Number(found[1]), width: Number(found[2]) };
}
