import type { Rehearsal } from "../chapters/rehearsal.js";
import { type Machines, scriptHead, stageTimes } from "./stage-times.js";

/** Where and how a study runs on Slurm. */
export interface SlurmOptions extends Machines {
  /** Arguments of `signmix results run` that say which study: profile, settings, data, results. */
  study: readonly string[];
  /** Arguments of `signmix results merge`. */
  merge: readonly string[];
  /** Options of `sbatch` for every shard, such as `--partition=long` or `--gres=gpu:1`. */
  sbatch?: readonly string[];
}

/** A shard may take so many times as long as expected before Slurm ends it, and so many seconds more. */
const patience = { factor: 2, seconds: 900 };

/** A word as a shell reads it. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/**
 * The shell script that sends a study to Slurm: a job array for each stage, one task a shard, each stage after the merge of
 * the one before (`--dependency=afterok`), and a merge at the end. It is run in the folder of the clone.
 */
export function slurmScript(rehearsal: Rehearsal, options: SlurmOptions): string {
  const { shards, nodes, cpus, study, merge, sbatch = [] } = options;
  const times = stageTimes(rehearsal, options);
  const common = ["--parsable", "--kill-on-invalid-dep=yes", ...sbatch];
  const lines = times.flatMap(({ longestShard }, i) => {
    const stage = i + 1;
    const array = `--array=1-${shards}${nodes < shards ? `%${nodes}` : ""}`;
    const limit = `--time=${minutesOf(patience.factor * longestShard + patience.seconds)}`;
    const after = i > 0 ? [`--dependency=afterok:$merge${i}`] : [];
    const shard = [...common, `--job-name=signmix-${stage}`, array, `--cpus-per-task=${cpus}`, limit, ...after];
    const merging = [...common, `--job-name=signmix-merge-${stage}`, `--dependency=afterok:$stage${stage}`];
    return [
      `stage${stage}=$(sbatch ${shard.map(plain).join(" ")} environment/cluster/slurm/shard.sbatch ${study.map(quoted).join(" ")})`,
      `merge${stage}=$(sbatch ${merging.map(plain).join(" ")} environment/cluster/slurm/merge.sbatch ${merge.map(quoted).join(" ")})`,
    ];
  });
  const last = times.length;
  return `${scriptHead(rehearsal, options, times)}
${lines.join("\n")}
echo "\${merge${last}}"
`;
}

/** A word with variables of the script, which stay unquoted. */
const plain = (word: string) => (word.includes("$") ? word : quoted(word));

/** Whole minutes, as `--time` takes them. */
const minutesOf = (seconds: number) => Math.max(1, Math.ceil(seconds / 60));
