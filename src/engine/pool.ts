import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import { activeBackend } from "./backend.js";
import { defaultWorkers } from "./memory.js";
import { parentEnvironment } from "./parent-watch.js";

/** How far a run of units has come. */
export interface PoolProgress {
  done: number;
  total: number;
}

/** A worker that ended while it computed a unit. */
export interface PoolCrash {
  /** Place of the unit in the list. */
  index: number;
  message: string;
}

/** How `runUnits` runs; `Result` is what one unit gives. */
export interface PoolOptions<Result> {
  /** Number of worker processes; {@link defaultWorkers} by default. */
  workers?: number;
  /** The backend of the workers; by default the one that `selectBackend` chose here, or would choose. */
  backend?: string;
  /** Takes each result as its unit ends, in whatever order they end; `index` is the unit's place in the list. */
  onResult?(result: Result, index: number): void | Promise<void>;
  /** Called after each result. */
  onProgress?(progress: PoolProgress): void;
  /** Told of a worker that crashed, before its unit is run once more; by default a line on stderr. */
  onCrash?(crash: PoolCrash): void;
  /** Cancels the run: the workers end at once and `runUnits` rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Runs independent units on worker processes, each with one intra-op thread, so that a unit's result has the same bytes
 * whatever the number of workers. Only as many units as workers are on their way at a time, and no result is kept.
 *
 * Processes, not threads: ending a thread inside ONNX Runtime aborts the whole program, and a native crash of one would.
 *
 * @param entry file URL of a module that exports `runUnit(unit)`; units and results are copied by structured clone
 * @throws the first error a unit threw (the rest is cancelled), a crash of the same unit twice, or the signal's reason
 */
export async function runUnits<Unit, Result>(
  entry: URL,
  units: readonly Unit[],
  options: PoolOptions<Result> = {},
): Promise<void> {
  const { workers = defaultWorkers(), signal, onCrash = warn } = options;
  if (!(Number.isInteger(workers) && workers >= 1))
    throw new Error(`workers is ${workers}; give a whole number, 1 or more.`);
  signal?.throwIfAborted();
  const pool = createPool(Math.min(workers, units.length), options.backend);
  const queue = units.entries();
  let done = 0;
  let stopped = false;

  const attempt = (unit: Unit) => pool.exec("run", [entry.href, unit]) as unknown as Promise<Result>;
  const attemptTwice = async (unit: Unit, index: number): Promise<Result> => {
    try {
      return await attempt(unit);
    } catch (error) {
      if (stopped || !isCrash(error as Error)) throw error;
      onCrash({ index, message: describeCrash(error as Error) });
    }
    try {
      return await attempt(unit);
    } catch (error) {
      if (!isCrash(error as Error)) throw error;
      throw new Error(`Unit ${index} crashed its worker twice: ${describeCrash(error as Error)}.`);
    }
  };
  const lane = async () => {
    for (const [index, unit] of queue) {
      const result = await attemptTwice(unit, index);
      await options.onResult?.(result, index);
      done++;
      options.onProgress?.({ done, total: units.length });
      if (stopped) return;
    }
  };
  const listening = new AbortController();
  const cancelled = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { signal: listening.signal });
  });
  try {
    await Promise.race([cancelled, Promise.all(Array.from({ length: workers }, lane))]);
  } finally {
    stopped = true;
    listening.abort();
    await pool.terminate(true);
  }
}

function createPool(workers: number, backend = activeBackend()?.name ?? process.env.SIGNMIX_BACKEND): workerpool.Pool {
  const threads = { SIGNMIX_THREADS: "1", TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1" };
  return workerpool.pool(fileURLToPath(new URL("./pool-worker.js", import.meta.url)), {
    workerType: "process",
    maxWorkers: Math.max(workers, 1),
    forkOpts: {
      serialization: "advanced", // typed arrays survive
      execArgv: [],
      env: {
        ...process.env,
        ...threads,
        ...parentEnvironment(),
        SIGNMIX_WORKERS: `${workers}`,
        ...(backend ? { SIGNMIX_BACKEND: backend } : {}),
      },
    },
  });
}

const isCrash = (error: Error) => error.message.startsWith("Workerpool Worker terminated Unexpectedly");

/** "exit code 7" or "SIGABRT", out of workerpool's message. */
function describeCrash(error: Error): string {
  const [code, killer] = ["exitCode", "signalCode"].map((name) => error.message.match(`${name}: \`(\\w+)\``)?.[1]);
  return killer && killer !== "null" ? `it was ended by ${killer}` : `it exited with code ${code}`;
}

function warn({ index, message }: PoolCrash): void {
  console.warn(`A worker crashed in unit ${index} (${message}); the unit is run once more.`);
}
