/** Tensors and backends: functions recorded as graphs, threads, work spread over processes. */

export type { Device } from "./backend.js";
export { type Captured, type CaptureOptions, capture } from "./capture.js";
export { compile } from "./compile.js";
export { keptRowsSize } from "./kept-rows.js";
export { defaultWorkers, getMemory, setMemory } from "./memory.js";
export { type PoolCrash, type PoolOptions, type PoolProgress, runUnits } from "./pool.js";
export { sessionCacheSize } from "./session-cache.js";
export { CaptureError } from "./symbolic.js";
export type { DType, NamedTensors } from "./tensor-data.js";
export type { Compiled, TensorFunction } from "./tensor-function.js";
export { getThreads, setThreads } from "./threads.js";
