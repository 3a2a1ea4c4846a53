import { availableParallelism, totalmem } from "node:os";

const MB = 2 ** 20;

/** The most that one process keeps unless told otherwise. */
const ENOUGH = 512 * MB;

let chosen: number | undefined;

/**
 * Sets how many bytes this process may keep to save work: compiled functions, and in what these leave what encoders have computed
 * of texts. The least that is needed at a time is held whatever the limit.
 * `SIGNMIX_MEMORY` sets it from outside, in MB for all workers together.
 */
export function setMemory(bytes: number): void {
  if (!(bytes >= 0)) throw new Error(`The memory limit must be 0 bytes or more, not ${bytes}.`);
  chosen = bytes;
}

/**
 * Bytes that this process may keep. By default all workers together keep an eighth of the machine's memory, 1 GB of 8,
 * and each 512 MB at most.
 */
export function getMemory(): number {
  return chosen ?? memoryOf(process.env, totalmem());
}

/** The limit of one process, out of the environment and the machine's memory in bytes. */
export function memoryOf(environment: NodeJS.ProcessEnv, machine: number): number {
  const workers = environment.SIGNMIX_WORKERS ? defaultWorkers(environment) : 1;
  if (!environment.SIGNMIX_MEMORY) return Math.min(ENOUGH, machine / 8 / workers);
  const megabytes = Number(environment.SIGNMIX_MEMORY);
  if (!(megabytes >= 0)) {
    throw new Error(`SIGNMIX_MEMORY is "${environment.SIGNMIX_MEMORY}"; give a number of megabytes, such as 1000.`);
  }
  return (megabytes * MB) / workers;
}

/**
 * Worker processes of a run: `SIGNMIX_WORKERS`, or as many as a machine carries beside a person's own work, one for each core
 * and each 2 GB of its memory.
 */
export function defaultWorkers(
  environment: NodeJS.ProcessEnv = process.env,
  cores: number = availableParallelism(),
  machine: number = totalmem(),
): number {
  const asked = environment.SIGNMIX_WORKERS;
  if (!asked) return Math.max(1, Math.min(cores, Math.floor(machine / (2000 * MB))));
  if (Number.isInteger(Number(asked)) && Number(asked) >= 1) return Number(asked);
  throw new Error(`SIGNMIX_WORKERS is "${asked}"; give a whole number of worker processes, 1 or more.`);
}
