import type { Command } from "./command.js";

/** A command as the list shows it. Its file is read when it is called for: tensors and figures take a second to load. */
interface ListedCommand {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  load(): Promise<Command>;
}

/** Every command of `signmix`, in the order of its help; a new one is added here. */
export const commands: readonly ListedCommand[] = [
  {
    name: "new-domain",
    summary: "make a domain's folder of a table, and look it over",
    load: async () => (await import("./commands/new-domain.js")).newDomainCommand,
  },
  {
    name: "train",
    summary: "train an adapter on a table or a domain, beside a bag of words",
    load: async () => (await import("./commands/train.js")).trainCommand,
  },
  {
    name: "evaluate",
    summary: "test an adapter on a table: accuracy, macro F1, confusion, calibration",
    load: async () => (await import("./commands/evaluate.js")).evaluateCommand,
  },
  {
    name: "advise",
    summary: "say which adapters may be mixed, and what it costs",
    load: async () => (await import("./commands/advise.js")).adviseCommand,
  },
  {
    name: "info",
    summary: "what an adapter is: method, size, encoder, head, zeros",
    load: async () => (await import("./commands/info.js")).infoCommand,
  },
  {
    name: "fsd",
    summary: "fraction of sign difference of every pair, by layer and module",
    load: async () => (await import("./commands/fsd.js")).fsdCommand,
  },
  {
    name: "mix",
    summary: "mix adapters into one, by average, TIES, DARE and others",
    load: async () => (await import("./commands/mix.js")).mixCommand,
  },
  {
    name: "prune",
    summary: "set the smallest weights of an adapter to zero",
    load: async () => (await import("./commands/prune.js")).pruneCommand,
  },
  {
    name: "results",
    summary: "compute and look after stored results: plan, run, merge shards, check, verify, times, adopt, export",
    load: async () => (await import("./commands/results.js")).resultsCommand,
  },
  {
    name: "study",
    summary: "compute a study in pieces, stage by stage and seed by seed: plan, run",
    load: async () => (await import("./commands/study.js")).studyCommand,
  },
  {
    name: "submit",
    summary: "send a study to a cluster: Slurm, Kubernetes; or only say what it takes",
    load: async () => (await import("./commands/submit.js")).submitCommand,
  },
  {
    name: "kernel",
    summary: "install the Jupyter kernel for TypeScript notebooks: install, list, remove",
    load: async () => (await import("./commands/kernel.js")).kernelCommand,
  },
];
