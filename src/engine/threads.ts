let chosen: number | undefined;

/**
 * Sets the threads that an engine may use within one operator; 1, the default, gives the same bytes every time.
 * ONNX Runtime takes it for each graph made from now on, TensorFlow only when it is loaded.
 * SIGNMIX_THREADS sets it from outside. Parallelism is over units: see `runUnits`.
 */
export function setThreads(count: number): void {
  chosen = checked(count, "The number of threads");
}

/** Threads that an engine started now may use within one operator. */
export function getThreads(): number {
  return chosen ?? checked(Number(process.env.SIGNMIX_THREADS ?? 1), "SIGNMIX_THREADS");
}

function checked(count: number, name: string): number {
  if (Number.isInteger(count) && count >= 1) return count;
  throw new Error(`${name} must be a whole number, 1 or more, not ${count}.`);
}
