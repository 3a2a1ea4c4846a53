import { AsyncLocalStorage } from "node:async_hooks";

/** An execution: what its outputs are told under, also those that come after its end. */
export interface Execution {
  /** the kernel's name of it */
  cell: string;
  number: number;
  /** what a reader calls the cell, as in "cell 3" */
  label: string;
  silent: boolean;
  allowStdin: boolean;
  readonly interruption: Interruption;
}

/** The reader's wish that an execution end. */
export interface Interruption {
  happened: boolean;
  /** rejects when it happens */
  readonly promise: Promise<never>;
  happen(): void;
}

/** An interruption that may come, as this error. */
export function createInterruption(error: () => Error): Interruption {
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  promise.catch(() => {}); // nobody may be waiting
  const interruption = {
    happened: false,
    promise,
    happen() {
      interruption.happened = true;
      reject(error());
    },
  };
  return interruption;
}

// Timers, promises and callbacks that a cell began belong to it, whichever cell runs when they come back.
const storage = new AsyncLocalStorage<Execution>();
let latest: Execution | undefined;

/** The execution that the running code belongs to; where that cannot be told, the latest. */
export function currentExecution(): Execution | undefined {
  return storage.getStore() ?? latest;
}

/** Runs a function as part of an execution. */
export function within<T>(execution: Execution, run: () => T): T {
  latest = execution;
  return storage.run(execution, run);
}
